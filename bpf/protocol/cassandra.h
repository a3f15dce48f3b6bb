/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Cassandra's native protocol, versions 3 to 5. An envelope is nine bytes of header and a body; its answer has its number. Version 5 has segments around envelopes:
 * several in one, or one in several. `method` is the opcode. What a connection says of itself, and what it prepares, are exchanges where they fail.
 */
#pragma once

#include "numbered.h"

#define SP_CASSANDRA_ENVELOPE 9
#define SP_CASSANDRA_SEGMENT 6
#define SP_CASSANDRA_CHECK 4 /* behind a segment */
#define SP_CASSANDRA_MOST 131071 /* bytes in a segment */
#define SP_CASSANDRA_MAX (256U << 20)
#define SP_CASSANDRA_SHOWN 240 /* of a STARTUP */
#define SP_CASSANDRA_UUID 16
#define SP_CASSANDRA_WARNINGS 4 /* before an answer */
#define SP_CASSANDRA_V5 5

/* An exchange's status is the error's code and this, as a code may be 0; of an error that cannot be read, both. */
#define SP_CASSANDRA_FAILED (1 << 16)
#define SP_CASSANDRA_UNREADABLE (1 << 17)

enum sp_cassandra_opcode {
	SP_CASSANDRA_ERROR = 0,
	SP_CASSANDRA_STARTUP = 1,
	SP_CASSANDRA_OPTIONS = 5,
	SP_CASSANDRA_QUERY = 7,
	SP_CASSANDRA_RESULT = 8,
	SP_CASSANDRA_PREPARE = 9,
	SP_CASSANDRA_EXECUTE = 10,
	SP_CASSANDRA_REGISTER = 11,
	SP_CASSANDRA_BATCH = 13,
	SP_CASSANDRA_AUTH_RESPONSE = 15,
};

#define SP_CASSANDRA_ASKS                                                                                                  \
	(1U << SP_CASSANDRA_STARTUP | 1U << SP_CASSANDRA_OPTIONS | 1U << SP_CASSANDRA_QUERY | 1U << SP_CASSANDRA_PREPARE | \
	 1U << SP_CASSANDRA_EXECUTE | 1U << SP_CASSANDRA_REGISTER | 1U << SP_CASSANDRA_BATCH | 1U << SP_CASSANDRA_AUTH_RESPONSE)
#define SP_CASSANDRA_ANSWERS (1U << 0 | 1U << 2 | 1U << 3 | 1U << 6 | 1U << 8 | 1U << 12 | 1U << 14 | 1U << 16)
#define SP_CASSANDRA_TOLD (1U << SP_CASSANDRA_QUERY | 1U << SP_CASSANDRA_EXECUTE | 1U << SP_CASSANDRA_BATCH)

enum sp_cassandra_flag {
	SP_CASSANDRA_COMPRESSED = 1,
	SP_CASSANDRA_TRACED = 2,
	SP_CASSANDRA_PAYLOAD = 4,
	SP_CASSANDRA_WARNED = 8,
	SP_CASSANDRA_FLAGS = 31
};

enum sp_cassandra_result { SP_CASSANDRA_ROWS = 2, SP_CASSANDRA_KEYSPACE = 3, SP_CASSANDRA_PREPARED = 4 };

enum sp_cassandra_metadata { SP_CASSANDRA_ONE_TABLE = 1, SP_CASSANDRA_MORE_PAGES = 2, SP_CASSANDRA_NO_METADATA = 4 };

/* What the frame at hand is: frame.type. */
enum sp_cassandra_frame {
	SP_CASSANDRA_ALONE, /* an envelope, outside of segments or among others in one */
	SP_CASSANDRA_HEADER, /* of a segment with several envelopes */
	SP_CASSANDRA_WHOLE, /* a segment with one envelope */
	SP_CASSANDRA_FIRST, /* a segment with the beginning of one */
	SP_CASSANDRA_NEXT, /* a segment that goes on with one */
};

/* The following segments go on with an envelope, and stream.within is how many they are; else it is how many bytes of a segment are left, and this how many of 65536. */
#define SP_CASSANDRA_GOES_ON SP_FRAME_CONTINUED
#define SP_CASSANDRA_WIDE SP_FRAME_ONE_BYTE

static __always_inline __u32 cassandra_payload(const struct scratch *s, __u32 at)
{
	return word_at(s, at) & SP_CASSANDRA_MOST;
}

static __always_inline int is_self_contained(const struct scratch *s, __u32 at)
{
	return word_at(s, at) >> 17 & 1;
}

/* Whether a segment begins here that is not compressed: its header has a check sum, CRC-24. Without branches, which the verifier would multiply. */
__noinline int sp_cassandra_segment(const struct scratch *s, __u32 at)
{
	__u32 crc = 0x875060;
	__u64 header;

	if (!s)
		return 0;
	header = masked_word_at(s, at);
	for (int i = 0; i < 3; i++) {
		crc ^= (header >> (8 * i) & 0xff) << 16;
		for (int j = 0; j < 8; j++) {
			__u32 out;

			crc <<= 1;
			out = crc >> 24 & 1;
			SP_CHECKED(out);
			crc ^= 0x1974f0b * out; /* a mask of it would be two ways to verifiers since 6.18 */
		}
	}
	return !((header >> 24 ^ crc) & 0xffffff) && !(header >> 18 & 63);
}

/* So much of a statement has to be text; of a shorter one all, and nothing may follow its envelope, which ends before `whole`. */
#define SP_CASSANDRA_TEXT 16

static __always_inline int looks_like_statement(const struct scratch *s, __u32 at, __u32 text, __u32 length, __u64 end, __u64 whole)
{
	if (!text || text >= length)
		return 0;
	if (text < SP_CASSANDRA_TEXT)
		return end == whole && is_text(s, at, at + text);
	return is_text(s, at, end);
}

/* Whether the envelope that a client may have sent begins here; the transfer has `total` bytes of it. */
static __always_inline int looks_like_envelope(const struct scratch *s, __u32 at, __u64 total)
{
	__u32 length = big_endian(s, at + 5), body = at + SP_CASSANDRA_ENVELOPE, text = big_endian(s, body);
	__u8 version = byte_at(s, at), flags = byte_at(s, at + 1), opcode = byte_at(s, at + 4);
	__u64 whole = SP_CASSANDRA_ENVELOPE + (__u64)length;

	if (version < 3 || version > SP_CASSANDRA_V5 || flags > SP_CASSANDRA_FLAGS || byte_at(s, at + 2) > 127 || opcode > 15 ||
	    !(SP_CASSANDRA_ASKS >> opcode & 1) || length > SP_CASSANDRA_MAX || total < SP_CASSANDRA_ENVELOPE)
		return 0;
	if (opcode == SP_CASSANDRA_OPTIONS)
		return !length && total == whole ? SP_GUESS_STRONG : 0;
	if (flags)
		return total == whole ? SP_GUESS_WEAK : 0;
	if (opcode == SP_CASSANDRA_QUERY || opcode == SP_CASSANDRA_PREPARE)
		return looks_like_statement(s, body + 4, text, length, total + at, at + whole) ? SP_GUESS_STRONG : 0;
	if (opcode == SP_CASSANDRA_EXECUTE)
		return length > 18 && text >> 16 == SP_CASSANDRA_UUID ? SP_GUESS_STRONG : 0;
	if (opcode == SP_CASSANDRA_STARTUP || opcode == SP_CASSANDRA_REGISTER)
		return length > 8 && text >> 16 && text >> 16 < 32 && (text & 0xffff) < 64 && is_text(s, body + 4, total + at) ? SP_GUESS_STRONG : 0;
	return length > 4 && total == whole ? SP_GUESS_WEAK : 0;
}

static __always_inline int looks_like_cassandra(const struct scratch *s, __u64 total)
{
	__u32 outer = SP_CASSANDRA_SEGMENT;

	if (byte_at(s, outer) == SP_CASSANDRA_V5 && total > SP_CASSANDRA_SEGMENT + SP_CASSANDRA_ENVELOPE && sp_cassandra_segment(s, 0))
		return SP_CASSANDRA_ASKS >> (byte_at(s, outer + 4) & 31) & 1 ? SP_GUESS_STRONG : 0;
	return looks_like_envelope(s, 0, total);
}

static __always_inline long cassandra_header_bytes(const struct stream *st)
{
	return st->bits & SP_CASSANDRA_GOES_ON ? SP_CASSANDRA_SEGMENT : SP_CASSANDRA_ENVELOPE;
}

static __always_inline __u32 cassandra_left(const struct stream *st)
{
	return st->within | (st->bits & SP_CASSANDRA_WIDE ? 1U << 16 : 0);
}

static __always_inline void set_cassandra_left(struct stream *st, __u32 left)
{
	st->within = left;
	st->bits &= ~SP_CASSANDRA_WIDE;
	if (left >> 16)
		st->bits |= SP_CASSANDRA_WIDE;
}

/* How long the envelope at `at` is, or 0: none is there. */
__noinline __u32 sp_cassandra_envelope(const struct scratch *s, __u32 at, __u32 answers)
{
	__u32 length;
	__u8 version, opcode;

	if (!s)
		return 0;
	length = big_endian(s, at + 5);
	version = byte_at(s, at) ^ (answers ? 0x80 : 0);
	opcode = byte_at(s, at + 4);
	if (version < 3 || version > SP_CASSANDRA_V5 || byte_at(s, at + 1) > SP_CASSANDRA_FLAGS || opcode > 31 || length > SP_CASSANDRA_MAX)
		return 0;
	return (answers ? SP_CASSANDRA_ANSWERS : SP_CASSANDRA_ASKS) >> opcode & 1 ? SP_CASSANDRA_ENVELOPE + length : 0;
}

/* A segment that is not within an envelope. How many bytes of it to show, or -1. */
static __always_inline long cassandra_segment(struct scratch *s, __u32 answers)
{
	struct frame *f = &s->frame;
	__u32 payload = cassandra_payload(s, f->at), envelope;

	f->length = SP_CASSANDRA_SEGMENT + payload + SP_CASSANDRA_CHECK;
	f->type = SP_CASSANDRA_WHOLE;
	if (f->end - f->at < SP_CASSANDRA_SEGMENT + SP_CASSANDRA_ENVELOPE)
		return SP_CASSANDRA_SEGMENT + SP_CASSANDRA_ENVELOPE; /* asked again then */
	envelope = sp_cassandra_envelope(s, f->at + SP_CASSANDRA_SEGMENT, answers);
	if (!envelope)
		return -1;
	if (!is_self_contained(s, f->at)) {
		f->type = SP_CASSANDRA_FIRST;
		if (envelope <= payload)
			return -1;
	} else if (envelope < payload) {
		f->type = SP_CASSANDRA_HEADER;
		f->length = SP_CASSANDRA_SEGMENT;
		return SP_CASSANDRA_SEGMENT;
	} else if (envelope > payload) {
		return -1;
	}
	return f->length < SP_PEEK ? f->length : SP_PEEK;
}

__noinline long sp_cassandra_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	__u32 answers, left, envelope, want;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	answers = s->direction != request_direction(c);
	if (st->bits & SP_CASSANDRA_GOES_ON) {
		if (!sp_cassandra_segment(s, f->at) || is_self_contained(s, f->at))
			return -1;
		f->type = SP_CASSANDRA_NEXT;
		f->length = SP_CASSANDRA_SEGMENT + cassandra_payload(s, f->at) + SP_CASSANDRA_CHECK;
		return SP_CASSANDRA_SEGMENT;
	}
	left = cassandra_left(st);
	if (!left && (byte_at(s, f->at + SP_CASSANDRA_SEGMENT) & 0x7f) == SP_CASSANDRA_V5 && sp_cassandra_segment(s, f->at))
		return cassandra_segment(s, answers);
	envelope = sp_cassandra_envelope(s, f->at, answers);
	if (!envelope || (left && envelope > left))
		return -1;
	f->type = SP_CASSANDRA_ALONE;
	f->length = envelope + (left == envelope ? SP_CASSANDRA_CHECK : 0);
	want = byte_at(s, f->at + 4) == SP_CASSANDRA_STARTUP ? SP_CASSANDRA_SHOWN : SP_PEEK;
	return f->length < want ? f->length : want;
}

/* Whether a STARTUP's options, from `at`, name a compression. Without branches. */
__noinline int sp_cassandra_compresses(const struct scratch *s, __u32 at, __u32 length)
{
	__u64 none = 1;

	if (!s)
		return 0;
	for (__u32 i = 0; i < SP_CASSANDRA_SHOWN; i++) {
		__u64 other = masked_word_at(s, at + i) ^ 0x53534552504d4f43; /* COMPRESS */

		other = (other | -other) >> 63;
		other |= (__u64)(length - i) >> 63;
		SP_CHECKED(other);
		none &= other;
	}
	return !none;
}

static __always_inline void count_compressed(struct stream *st)
{
	if (st->bits & SP_FRAME_BUILDING)
		return;
	st->bits |= SP_FRAME_BUILDING; /* said once */
	count(SP_COUNT_COMPRESSED);
}

static __always_inline int cassandra_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config, __u32 at)
{
	__u32 number = __builtin_bswap16((__u16)word_at(s, at + 2)), to;
	__u8 version = byte_at(s, at), flags = byte_at(s, at + 1), opcode = byte_at(s, at + 4);
	struct frame *f = &s->frame;
	struct exchange *x;
	int lost;

	/* Segments that are compressed hide where envelopes begin. */
	if (opcode == SP_CASSANDRA_STARTUP && version == SP_CASSANDRA_V5 &&
	    sp_cassandra_compresses(s, at + SP_CASSANDRA_ENVELOPE, big_endian(s, at + 5))) {
		count_compressed(st);
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	}
	lost = sp_begin_numbered(c, s, config, number, opcode);
	if (lost)
		return lost;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	st->numbered = SP_NUMBERED_ANSWERED;
	if (flags & SP_CASSANDRA_COMPRESSED) {
		count_compressed(st);
		return 0;
	}
	/* Others may speak of what was prepared here. */
	if (!may_be_kept(x) && opcode != SP_CASSANDRA_PREPARE)
		return 0;
	x->capture = SP_STATEMENT;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	sp_capture(x, s, c->endpoints.id, at, to);
	st->bits |= SP_FRAME_CAPTURED;
	return 0;
}

/* Rows are counted where nothing is told of their columns before, which drivers may know of what they prepared. */
__noinline __u32 sp_cassandra_rows(const struct scratch *s, __u32 at, __u32 end)
{
	__u32 flags, paging;

	if (!s)
		return 0;
	flags = big_endian(s, at + 4);
	at += 12;
	if ((flags & ~(SP_CASSANDRA_ONE_TABLE | SP_CASSANDRA_MORE_PAGES)) != SP_CASSANDRA_NO_METADATA)
		return 0;
	if (flags & SP_CASSANDRA_MORE_PAGES) {
		paging = big_endian(s, at);
		if (paging > SP_BLOCK)
			return 0;
		at += 4 + paging;
	}
	return at + 4 > end ? 0 : big_endian(s, at);
}

/* Where an answer begins that has warnings before it, or 0: it is not among what passes. */
__noinline __u32 sp_cassandra_behind_warnings(const struct scratch *s, __u32 at, __u32 end)
{
	__u32 left;

	if (!s)
		return 0;
	left = big_endian(s, at) >> 16;
	at += 2;
	for (int i = 0; i < SP_CASSANDRA_WARNINGS; i++) {
		if (!left)
			break;
		left--;
		at += 2 + (big_endian(s, at) >> 16);
		if (at >= end)
			return 0;
	}
	return left ? 0 : at;
}

static __always_inline void cassandra_result(struct conn *c, struct scratch *s, struct exchange *x, __u32 body, __u32 to)
{
	__u32 kind = big_endian(s, body);

	if (kind == SP_CASSANDRA_ROWS)
		x->rows = sp_cassandra_rows(s, body, to);
	else if (kind == SP_CASSANDRA_KEYSPACE)
		sp_statement(c, s, kind, body + 4, to);
	else if (kind == SP_CASSANDRA_PREPARED && x->head_len)
		sp_statement_numbered(c, s, kind, body + 4);
}

static __always_inline int cassandra_answers(struct conn *c, struct scratch *s, struct stream *st, __u32 at)
{
	__u32 number = __builtin_bswap16((__u16)word_at(s, at + 2)), body = at + SP_CASSANDRA_ENVELOPE, to;
	__u8 flags = byte_at(s, at + 1), opcode = byte_at(s, at + 4);
	struct frame *f = &s->frame;
	struct exchange *x;
	int hidden;

	if (number >> 15)
		return 0; /* what nobody asked for */
	x = answer_numbered(c, s, st, number);
	if (!x)
		return 0;
	hidden = flags & (SP_CASSANDRA_COMPRESSED | SP_CASSANDRA_PAYLOAD);
	if (flags & SP_CASSANDRA_TRACED)
		body += SP_CASSANDRA_UUID;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	if (!hidden && flags & SP_CASSANDRA_WARNED) {
		body = sp_cassandra_behind_warnings(s, body, to);
		hidden = !body;
	}
	if (opcode == SP_CASSANDRA_ERROR) {
		x->status = SP_CASSANDRA_FAILED | (hidden ? SP_CASSANDRA_UNREADABLE : big_endian(s, body) & 0xffff);
		return 0;
	}
	if (!(SP_CASSANDRA_TOLD >> (x->method & 15) & 1))
		st->numbered = SP_NUMBERED_UNTOLD;
	if (opcode == SP_CASSANDRA_RESULT && !hidden)
		cassandra_result(c, s, x, body, to);
	return 0;
}

/* A further segment of an envelope: its exchange goes on with it, or ends. */
static __always_inline int cassandra_goes_on(struct conn *c, struct scratch *s, struct stream *st)
{
	struct exchange *x = request_numbered(c, st->batches);

	if (x && s->direction == request_direction(c))
		x->request_bytes += s->frame.length;
	else if (x)
		x->response_bytes += s->frame.length;
	st->within--;
	if (st->within)
		return 0;
	st->bits &= ~SP_CASSANDRA_GOES_ON;
	st->numbered = SP_NUMBERED_ANSWERED;
	return 0;
}

__noinline int sp_cassandra_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	struct frame *f;
	__u32 at, left, length;
	int lost;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	if (f->type == SP_CASSANDRA_NEXT)
		return cassandra_goes_on(c, s, st);
	if (f->type == SP_CASSANDRA_HEADER) {
		set_cassandra_left(st, cassandra_payload(s, f->at));
		return 0;
	}
	at = f->type == SP_CASSANDRA_ALONE ? f->at : f->at + SP_CASSANDRA_SEGMENT;
	length = SP_CASSANDRA_ENVELOPE + big_endian(s, at + 5);
	left = cassandra_left(st);
	if (left)
		set_cassandra_left(st, left - length);
	lost = s->direction == request_direction(c) ? cassandra_asks(c, s, st, config, at) : cassandra_answers(c, s, st, at);
	if (!lost && f->type == SP_CASSANDRA_FIRST) {
		/* All segments of an envelope are full but the last. */
		st->within = (length - 1) / SP_CASSANDRA_MOST;
		st->bits |= SP_CASSANDRA_GOES_ON;
		st->numbered = SP_NUMBERED_NONE;
	}
	return lost;
}
