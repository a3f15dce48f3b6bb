/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * MongoDB's wire protocol: OP_MSG, and OP_QUERY with its OP_REPLY, in which old drivers say hello. An answer names its request; of several answers to one
 * (moreToCome) the first is taken. What is compressed is followed, and its command and outcome are not known.
 */
#pragma once

#include "numbered.h"

#define SP_MONGODB_HEADER 16
#define SP_MONGODB_MAX (48000000 + 65536)
#define SP_MONGODB_SHOWN 240 /* of an answer: errors come first in it */
#define SP_MONGODB_ELEMENTS 24 /* that are looked at for it */
#define SP_MONGODB_UNKNOWN_ERROR 8 /* the server's own number for it */
#define SP_MONGODB_MORE_TO_COME 2

enum sp_mongodb_code { SP_MONGODB_REPLY = 1, SP_MONGODB_QUERY = 2004, SP_MONGODB_COMPRESSED = 2012, SP_MONGODB_MSG = 2013 };

static __always_inline __u32 little_endian(const struct scratch *s, __u32 at)
{
	return word_at(s, at);
}

static __always_inline int looks_like_mongodb(const struct scratch *s, __u64 total)
{
	__u32 length = little_endian(s, 0), code = little_endian(s, 12);

	if (total < SP_MONGODB_HEADER || length <= SP_MONGODB_HEADER || length > SP_MONGODB_MAX || little_endian(s, 8))
		return 0;
	return code == SP_MONGODB_MSG || code == SP_MONGODB_COMPRESSED || code == SP_MONGODB_QUERY ? SP_GUESS_STRONG : 0;
}

static __always_inline long mongodb_header_bytes(const struct stream *st)
{
	return SP_MONGODB_HEADER;
}

__noinline long sp_mongodb_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	__u32 code, want;

	if (!c || !s)
		return -1;
	f = &s->frame;
	f->length = little_endian(s, f->at);
	code = little_endian(s, f->at + 12);
	if (f->length < SP_MONGODB_HEADER || f->length > SP_MONGODB_MAX)
		return -1;
	if (code != SP_MONGODB_REPLY && (code < 2001 || code > SP_MONGODB_MSG))
		return -1;
	want = s->direction == request_direction(c) ? SP_PEEK : SP_MONGODB_SHOWN;
	return f->length < want ? f->length : want;
}

/* enum in Mongodb.java: the commands that have a time series of their own. Not inlined, for its frame. */
__noinline __u32 sp_mongodb_command(const struct scratch *s, __u32 at)
{
	__u64 word;

	if (!s)
		return 0;
	word = word_at(s, at);
#define SP_COMMAND(text, number)                              \
	if (first_bytes(word, sizeof(text)) == SP_WORD(text)) \
		return number;
	SP_COMMAND("find", 1)
	SP_COMMAND("insert", 2)
	SP_COMMAND("update", 3)
	SP_COMMAND("delete", 4)
	SP_COMMAND("aggregat", 5)
	SP_COMMAND("getMore", 6)
	SP_COMMAND("count", 7)
	SP_COMMAND("distinct", 8)
	if (word == SP_WORD("findAndM") || word == SP_WORD("findandm"))
		return 9;
	SP_COMMAND("hello", 10)
	if (word == SP_WORD("isMaster") || word == SP_WORD("ismaster"))
		return 11;
	SP_COMMAND("ping", 12)
#undef SP_COMMAND
	return 0;
}

/* Where the first element's name is. */
static __always_inline __u32 mongodb_name_at(const struct scratch *s, __u32 at, __u32 code)
{
	if (code == SP_MONGODB_MSG)
		return byte_at(s, at + 20) ? 0 : at + 26;
	if (code == SP_MONGODB_QUERY && word_at(s, at + 20) == SP_WORD("admin.$c"))
		return at + 44;
	return 0;
}

static __always_inline int mongodb_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct frame *f = &s->frame;
	__u32 code = little_endian(s, f->at + 12), number = little_endian(s, f->at + 4), name, to;
	struct exchange *x;
	int lost;

	if (little_endian(s, f->at + 8))
		return -SP_LOST_FRAMING;
	if (code != SP_MONGODB_MSG && code != SP_MONGODB_COMPRESSED && code != SP_MONGODB_QUERY)
		return 0;
	if (code == SP_MONGODB_COMPRESSED && !(st->bits & SP_FRAME_BUILDING)) {
		st->bits |= SP_FRAME_BUILDING; /* said once */
		count(SP_COUNT_COMPRESSED);
	}
	name = mongodb_name_at(s, f->at, code);
	lost = sp_begin_numbered(c, s, config, number, name ? sp_mongodb_command(s, name) : 0);
	if (lost)
		return lost;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	st->numbered =
		code == SP_MONGODB_MSG && (little_endian(s, f->at + 16) & SP_MONGODB_MORE_TO_COME) ? SP_NUMBERED_UNANSWERED : SP_NUMBERED_ANSWERED;
	if (!may_be_kept(x))
		return 0;
	x->capture = SP_STATEMENT;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	sp_capture(x, s, c->endpoints.id, f->at, to);
	st->bits |= SP_FRAME_CAPTURED;
	return 0;
}

/* Bytes of a name and its zero; 0: longer than any that is looked for. */
static __always_inline __u32 bson_name(const struct scratch *s, __u32 at)
{
	__u32 length = 0;

	for (int i = 0; i < 4; i++) {
		__u64 word = word_at(s, at + 8 * i), zeros = (word - SP_EACH_BYTE) & ~word & (SP_EACH_BYTE * 0x80);

		if (zeros)
			return length + through_first(zeros);
		length += 8;
	}
	return 0;
}

/* Bytes of a value of this type; 0: not known, but for null. */
static __always_inline __u32 bson_value(const struct scratch *s, __u8 type, __u32 at)
{
	switch (type) {
	case 0x01: /* double */
	case 0x09: /* date */
	case 0x11: /* timestamp */
	case 0x12: /* long */
		return 8;
	case 0x02: /* string */
		return 4 + little_endian(s, at);
	case 0x03: /* document */
	case 0x04: /* array */
		return little_endian(s, at);
	case 0x05: /* binary */
		return 5 + little_endian(s, at);
	case 0x07: /* object id */
		return 12;
	case 0x08: /* bool */
		return 1;
	case 0x10: /* int */
		return 4;
	default:
		return 0;
	}
}

/* An element of an answer, in search of what failed. 1: there are no more. */
__noinline long sp_bson_step(struct scratch *s)
{
	struct bson_walk *w;
	__u32 at, name, value, length;
	__u64 word;
	__u8 type;

	if (!s)
		return 1;
	w = &s->bson;
	at = w->at;
	if (at + 4 > w->end)
		return 1;
	type = byte_at(s, at);
	name = bson_name(s, at + 1);
	if (!type || !name)
		return 1;
	word = word_at(s, at + 1);
	value = at + 1 + name;
	length = bson_value(s, type, value);
	if (length > SP_MONGODB_MAX || (!length && type != 0x0a))
		return 1;
	w->at = value + length;
	if (first_bytes(word, 3) == SP_WORD("ok\0") && name == 3 && value + length <= w->end) {
		__u64 ok = first_bytes(word_at(s, value), length);

		w->failed |= !ok;
	} else if (first_bytes(word, 5) == SP_WORD("code\0") && type == 0x10 && value + 4 <= w->end) {
		if (!w->code)
			w->code = little_endian(s, value);
	} else if (word == SP_WORD("writeErr") && type == 0x04) {
		w->failed = 1;
		w->at = value + 4 + 3 + 4; /* the array's first document */
	} else if (word == SP_WORD("writeCon") && type == 0x03) {
		w->failed = 1;
		w->at = value + 4;
	}
	return w->failed && w->code;
}

/* Of the document at `at`: the code of its error, or 0. */
__noinline __u32 sp_mongodb_error(struct scratch *s, __u32 at, __u32 end)
{
	if (!s)
		return 0;
	s->bson.at = at + 4;
	s->bson.end = end;
	s->bson.failed = 0;
	s->bson.code = 0;
	for (int i = 0; i < SP_MONGODB_ELEMENTS; i++)
		if (sp_bson_step(s))
			break;
	if (!s->bson.failed)
		return 0;
	return s->bson.code ? s->bson.code : SP_MONGODB_UNKNOWN_ERROR;
}

static __always_inline int mongodb_answers(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	__u32 code = little_endian(s, f->at + 12), to;
	struct exchange *x = answer_numbered(c, s, st, little_endian(s, f->at + 8));

	if (!x)
		return 0;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	if (code == SP_MONGODB_MSG && !byte_at(s, f->at + 20))
		x->status = sp_mongodb_error(s, f->at + 21, to);
	else if (code == SP_MONGODB_REPLY)
		x->status = sp_mongodb_error(s, f->at + 36, to);
	return 0;
}

__noinline int sp_mongodb_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	return s->direction == request_direction(c) ? mongodb_asks(c, s, st, config) : mongodb_answers(c, s, st);
}
