/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * AMQP 0-9-1. A method and its answer belong to a channel, which has one at a time. What is published, delivered and returned is a message in two frames, a method and a
 * header; what is acknowledged, and a close that the server asks for, are messages of their own.
 */
#pragma once

#include "numbered.h"
#include "oneway.h"

#define SP_AMQP_HEADER 7
#define SP_AMQP_AROUND 8 /* a frame's header, and the byte that ends it */
#define SP_AMQP_LONGEST (1U << 27)
#define SP_AMQP_SHOWN 240
#define SP_AMQP_END ((char)0xce)
#define SP_AMQP_PREFACE SP_WORD("AMQP\0\0\11\1")

enum sp_amqp_frame { SP_AMQP_START = 0, SP_AMQP_METHOD = 1, SP_AMQP_CONTENT = 2, SP_AMQP_BODY = 3, SP_AMQP_HEARTBEAT = 8 };

/* A method by its class and number. */
#define SP_AMQP(class, number) ((class) << 16 | (number))
#define SP_AMQP_CONNECTION_CLOSE SP_AMQP(10, 50)
#define SP_AMQP_CHANNEL_CLOSE SP_AMQP(20, 40)
#define SP_AMQP_CHANNEL_CLOSED SP_AMQP(20, 41)
#define SP_AMQP_PUBLISH SP_AMQP(60, 40)
#define SP_AMQP_RETURN SP_AMQP(60, 50)
#define SP_AMQP_DELIVER SP_AMQP(60, 60)
#define SP_AMQP_ACK SP_AMQP(60, 80)
#define SP_AMQP_REJECT SP_AMQP(60, 90)
#define SP_AMQP_NACK SP_AMQP(60, 120)

/* What Amqp.java knows it by: tens of the class, and of the number. */
static __always_inline __u8 amqp_operation(__u32 method)
{
	return (method >> 16) / 10 << 4 | (method & 0xff) / 10;
}

static __always_inline int is_amqp_class(__u32 class)
{
	return class == 10 || class == 20 || class == 40 || class == 50 || class == 60 || class == 85 || class == 90;
}

static __always_inline int looks_like_amqp(const struct scratch *s, __u64 total)
{
	__u32 size = big_endian(s, 3), method = big_endian(s, 7);

	if (word_at(s, 0) == SP_AMQP_PREFACE)
		return SP_GUESS_STRONG | SP_GUESS_STARTUP;
	if (byte_at(s, 0) != SP_AMQP_METHOD || total < size + SP_AMQP_AROUND || size < 4 || size > 1024)
		return 0;
	switch (method) {
	case SP_AMQP_DELIVER:
	case SP_AMQP(10, 10):
		return SP_GUESS_STRONG | SP_GUESS_ANSWER;
	case SP_AMQP_PUBLISH:
	case SP_AMQP(20, 10):
	case SP_AMQP(40, 10):
	case SP_AMQP(50, 10):
	case SP_AMQP(60, 20):
	case SP_AMQP(60, 70):
		return SP_GUESS_STRONG;
	}
	return 0;
}

static __always_inline long amqp_header_bytes(const struct stream *st)
{
	return SP_AMQP_HEADER;
}

__noinline long sp_amqp_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	long want = SP_AMQP_HEADER;
	__u32 size;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	size = big_endian(s, f->at + 3);
	f->type = byte_at(s, f->at);
	f->length = (__u64)size + SP_AMQP_AROUND;
	if (s->direction == request_direction(c) && (st->bits & SP_FRAME_STARTUP) && f->type == 'A') {
		f->type = SP_AMQP_START;
		f->length = 8;
		return 8;
	}
	if (size > SP_AMQP_LONGEST ||
	    (f->type != SP_AMQP_METHOD && f->type != SP_AMQP_CONTENT && f->type != SP_AMQP_BODY && f->type != SP_AMQP_HEARTBEAT))
		return -1;
	if (f->type == SP_AMQP_METHOD || f->type == SP_AMQP_CONTENT)
		want = SP_AMQP_SHOWN;
	return f->length < want ? f->length : want;
}

/* A method that waits for its answer: an even multiple of ten, where `-ok` is one more. What did not want an answer has none by now. */
__noinline int sp_amqp_asks(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 channel, __u32 method)
{
	struct exchange *x;
	struct frame *f;
	int lost;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	if (request_numbered(c, channel))
		sp_end_number(c, s, channel, SP_END_COMPLETE);
	lost = sp_begin_numbered(c, s, config, channel, (method & 0xff) << 8 | amqp_operation(method));
	if (lost)
		return lost;
	x = request_numbered(c, channel);
	if (!x)
		return 0;
	c->stream[s->direction & 1].numbered = SP_NUMBERED_ANSWERED;
	if (!may_be_kept(x))
		return 0;
	x->capture = SP_STATEMENT;
	sp_capture(x, s, c->endpoints.id, f->at, f->end - f->at > f->length ? f->at + f->length : f->end);
	return 0;
}

/* Whether it can only be an answer, of which a method may have two. */
static __always_inline int is_amqp_answer(__u32 method)
{
	__u32 last = (method & 0xff) % 10;

	return last == 1 || last == 2;
}

/* The answer to what the channel asked, if it is that. `status`: why the server closes the channel instead. */
__noinline int sp_amqp_answers(struct conn *c, struct scratch *s, __u32 channel, __u32 method, __u32 status)
{
	struct exchange *x;
	struct stream *st;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	x = request_numbered(c, channel);
	if (!x || (!status && (method & 0xff) - x->kind - 1U > 1)) {
		if (status || is_amqp_answer(method))
			answers_early(st, channel);
		return 0;
	}
	x = answer_numbered(c, s, st, channel);
	if (x)
		x->status = status;
	return 1;
}

static __always_inline int amqp_asks(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 channel, __u32 method)
{
	switch (method) {
	case SP_AMQP_PUBLISH:
		return sp_one_way_begins(c, s, config, amqp_operation(method), channel);
	case SP_AMQP_ACK:
	case SP_AMQP_NACK:
	case SP_AMQP_REJECT:
		return sp_one_way(c, s, config, amqp_operation(method), 0);
	case SP_AMQP_CHANNEL_CLOSED:
		c->stream[!s->direction].early = 0; /* what was on its way, the server passed over */
		return 0;
	}
	return (method & 0xffff) % 10 ? 0 : sp_amqp_asks(c, s, config, channel, method);
}

static __always_inline int amqp_answers(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 channel, __u32 method)
{
	__u32 code = big_endian_16(s, s->frame.at + SP_AMQP_HEADER + 4);

	switch (method) {
	case SP_AMQP_DELIVER:
		return sp_one_way_begins(c, s, config, amqp_operation(method), channel);
	case SP_AMQP_RETURN:
		return sp_one_way(c, s, config, amqp_operation(method), code);
	case SP_AMQP_CHANNEL_CLOSE:
	case SP_AMQP_CONNECTION_CLOSE:
		return sp_amqp_answers(c, s, channel, method, code) ? 0 : sp_one_way(c, s, config, amqp_operation(method), code);
	}
	sp_amqp_answers(c, s, channel, method, 0);
	return 0;
}

__noinline int sp_amqp_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct frame *f;
	struct stream *st;
	__u32 channel, method;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	if (f->type == SP_AMQP_START) {
		st->bits = (st->bits & ~SP_FRAME_STARTUP) | SP_FRAME_CONFIRMED;
		return 0;
	}
	if (f->end - f->at >= f->length) {
		if (byte_at(s, f->at + f->length - 1) != SP_AMQP_END)
			return -SP_LOST_FRAMING;
		c->stream[request_direction(c)].bits |= SP_FRAME_CONFIRMED;
	}
	channel = big_endian_16(s, f->at + 1);
	method = big_endian(s, f->at + SP_AMQP_HEADER);
	if (f->type == SP_AMQP_CONTENT)
		return sp_one_way_ends(c, s, channel);
	if (f->type != SP_AMQP_METHOD)
		return 0;
	if (!is_amqp_class(method >> 16))
		return -SP_LOST_FRAMING;
	return s->direction == request_direction(c) ? amqp_asks(c, s, config, channel, method) : amqp_answers(c, s, config, channel, method);
}
