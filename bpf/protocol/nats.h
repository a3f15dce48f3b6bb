/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * NATS: lines, of which those of messages announce a payload. Nobody answers: what a client publishes and what a server delivers are messages of their own, and
 * so is an error that a server tells of.
 */
#pragma once

#include "line.h"
#include "oneway.h"

#define SP_NATS_SHOWN 240
#define SP_NATS_LONGEST (1U << 30)

/* enum in Nats.java. */
enum sp_nats_operation { SP_NATS_PUBLISH = 1, SP_NATS_DELIVER, SP_NATS_ERROR };

enum sp_nats_type { SP_NATS_LINE = 0, SP_NATS_MESSAGE, SP_NATS_CUT, SP_NATS_PART, SP_NATS_TLS };

static __always_inline __u32 nats_word(const struct scratch *s, __u32 at)
{
	return word_at(s, at);
}

#define SP_NATS_WORD(text) ((__u32)SP_WORD(text))

static __always_inline int is_nats_message(__u32 word, int asks)
{
	return asks ? word == SP_NATS_WORD("PUB ") || word == SP_NATS_WORD("HPUB") : word == SP_NATS_WORD("MSG ") || word == SP_NATS_WORD("HMSG");
}

static __always_inline int looks_like_nats(const struct scratch *s, __u64 total)
{
	__u32 word = nats_word(s, 0);

	if (first_bytes(word_at(s, 0), 6) == SP_WORD("INFO {") && byte_at(s, 6) == '"')
		return SP_GUESS_STRONG | SP_GUESS_ANSWER | SP_GUESS_STARTUP;
	if (!is_text(s, 4, total))
		return 0;
	if (is_nats_message(word, 1) || word == SP_NATS_WORD("SUB "))
		return SP_GUESS_WEAK;
	return is_nats_message(word, 0) ? SP_GUESS_WEAK | SP_GUESS_ANSWER : 0;
}

static __always_inline long nats_header_bytes(const struct stream *st)
{
	return 5;
}

/* Whether a line may begin so. */
static __always_inline int is_nats_line(__u32 word, int asks)
{
	if (word == SP_NATS_WORD("PING") || word == SP_NATS_WORD("PONG"))
		return 1;
	if (asks)
		return word == SP_NATS_WORD("CONN") || word == SP_NATS_WORD("SUB ") || word == SP_NATS_WORD("UNSU");
	return word == SP_NATS_WORD("INFO") || word == SP_NATS_WORD("+OK\r") || word == SP_NATS_WORD("-ERR");
}

__noinline long sp_nats_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	__u32 behind, have, word;
	long payload;
	int asks;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	asks = s->direction == request_direction(c);
	have = f->end - f->at;
	word = nats_word(s, f->at);
	f->type = st->bits & SP_FRAME_CONTINUED ? SP_NATS_PART : is_nats_message(word, asks) ? SP_NATS_MESSAGE : SP_NATS_LINE;
	if ((__u16)word == 0x0316 && f->type == SP_NATS_LINE) {
		f->type = SP_NATS_TLS;
		f->length = 5;
		return 5;
	}
	if (f->type == SP_NATS_LINE && !is_nats_line(word, asks))
		return -1;
	behind = sp_behind_line_feed(s, f->at, f->end);
	if (!behind) {
		if (have <= SP_LINE_CARRIED) {
			f->type = SP_NATS_CUT;
			f->length = have + 1;
			return have + 1;
		}
		if (f->type == SP_NATS_MESSAGE)
			return -1;
		f->length = SP_LINE_CARRIED;
		st->bits |= SP_FRAME_CONTINUED;
		return f->length;
	}
	f->length = behind - f->at;
	if (f->type != SP_NATS_MESSAGE)
		return f->length;
	payload = sp_read_words(s, f->at, SP_LINE_BYTES);
	if (payload < 0 || payload > SP_NATS_LONGEST)
		return -1;
	f->length += payload + 2;
	return f->length < SP_NATS_SHOWN ? f->length : SP_NATS_SHOWN;
}

/* enum in Nats.java: what an error's text, at `at`, begins with. */
static __always_inline __u32 nats_error(const struct scratch *s, __u32 at)
{
	__u64 word = word_at(s, at);

	return word == SP_WORD("Authoriz") || word == SP_WORD("User Aut")   ? 2
	       : word == SP_WORD("Permissi")				    ? 3
	       : word == SP_WORD("Maximum ") || word == SP_WORD("maximum ") ? 4
	       : word == SP_WORD("Stale Co")				    ? 5
	       : word == SP_WORD("Slow Con")				    ? 6
	       : word == SP_WORD("Unknown ")				    ? 7
									    : 1;
}

__noinline int sp_nats_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct frame *f;
	struct stream *st;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	if (f->type == SP_NATS_CUT)
		return -SP_LOST_SYSCALL; /* its rest comes from a file */
	switch (f->type) {
	case SP_NATS_TLS:
		count(SP_COUNT_ENCRYPTED);
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	case SP_NATS_PART:
		if (byte_at(s, f->at + f->length - 1) == '\n')
			st->bits &= ~SP_FRAME_CONTINUED;
		return 0;
	case SP_NATS_MESSAGE:
		/* A line like it could be chance; behind the payload there is another line's end. */
		if (f->end - f->at >= f->length && (__u16)word_at(s, f->at + f->length - 2) == 0x0a0d)
			c->stream[request_direction(c)].bits |= SP_FRAME_CONFIRMED;
		return sp_one_way(c, s, config, s->direction == request_direction(c) ? SP_NATS_PUBLISH : SP_NATS_DELIVER, 0);
	}
	if (first_bytes(word_at(s, f->at), 6) == SP_WORD("INFO {") || word_at(s, f->at) == SP_WORD("CONNECT "))
		c->stream[request_direction(c)].bits |= SP_FRAME_CONFIRMED;
	if (nats_word(s, f->at) == SP_NATS_WORD("-ERR"))
		return sp_one_way(c, s, config, SP_NATS_ERROR, nats_error(s, f->at + 6));
	return 0;
}
