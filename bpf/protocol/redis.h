/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Redis and Valkey, RESP2 and RESP3. A frame is an element: a line with its type and a number, and the bytes that the number announces. Elements that are still to
 * come of the message at hand are counted in stream.batches, so that nothing has to be remembered of how arrays are nested.
 */
#pragma once

/* A longer line goes on in the next frame. */
#define SP_REDIS_LINE 200
#define SP_REDIS_LONGEST (512U << 20)

/* Of frames that are no elements. */
enum sp_redis_type { SP_REDIS_INLINE = 0, SP_REDIS_PART = 1, SP_REDIS_CUT = 2 };

enum sp_redis_kind { SP_REDIS_ANY = 0, SP_REDIS_SELECT, SP_REDIS_SUBSCRIBE };

/* Of a direction's stream: what is known of the message at hand. */
enum sp_redis_phase {
	SP_REDIS_REPLY = 0,
	SP_REDIS_NAME, /* the command's name comes next */
	SP_REDIS_MAYBE_PUSH, /* an array of a connection that has subscribed: its first element says */
	SP_REDIS_PUSHED, /* what the server sends by itself, but for a subscription: its first element says */
	SP_REDIS_PUSH, /* of nobody's request */
	SP_REDIS_CONFIRMED, /* a subscription */
};

static __always_inline int looks_like_redis(const struct scratch *s, __u64 total)
{
	__u64 word = word_at(s, 0);
	__u8 tens = byte_at(s, 2) - '0', ones = byte_at(s, 1) - '0';

	if (first_bytes(word, 6) == SP_WORD("PING\r\n") && (total == 6 || byte_at(s, 6) == 'P'))
		return SP_GUESS_WEAK;
	if ((__u8)word != '*' || ones > 9)
		return 0;
	if (tens <= 9)
		word >>= 8;
	return first_bytes(word >> 16, 3) == SP_WORD("\r\n$") ? SP_GUESS_STRONG : 0;
}

static __always_inline long redis_header_bytes(const struct stream *st)
{
	return 2;
}

/* Bytes that come in frames of their own are not: numbers and lines, whole aggregates, or text. */
static __always_inline int has_bytes(__u8 type)
{
	return type == '$' || type == '!' || type == '=';
}

static __always_inline int has_elements(__u8 type)
{
	return type == '*' || type == '%' || type == '~' || type == '>' || type == '|';
}

/* frame.type: the element's own, or one of enum sp_redis_type. */
__noinline long sp_redis_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	__u32 have, behind;
	long number = 0, line;
	int asks;
	__u8 type;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	asks = s->direction == request_direction(c);
	have = f->end - f->at;
	type = byte_at(s, f->at);
	behind = behind_line(s, f->at, f->end);
	if (!behind) {
		if (have <= SP_REDIS_LINE) {
			f->type = SP_REDIS_CUT;
			f->length = have + 1;
			return have + 1;
		}
		if (has_bytes(type) || has_elements(type))
			return -1;
		f->type = st->bits & SP_FRAME_CONTINUED ? SP_REDIS_PART : asks && !st->batches ? SP_REDIS_INLINE : type;
		f->length = SP_REDIS_LINE;
		st->bits |= SP_FRAME_CONTINUED;
		return SP_REDIS_LINE;
	}
	f->length = behind - f->at;
	if (st->bits & SP_FRAME_CONTINUED) {
		f->type = SP_REDIS_PART;
		return f->length;
	}
	if (asks && !st->batches && type != '*') {
		if ((type < 'A' || type > 'z') && type != '\r' && type != '\n')
			return -1;
		f->type = SP_REDIS_INLINE;
		return f->length;
	}
	if (asks && st->batches && type != '$')
		return -1;
	f->type = type;
	if (has_bytes(type) || has_elements(type)) {
		if (byte_at(s, f->at + 1) == '-')
			return f->length;
		number = sp_number(s, f->at + 1);
		if (number < 0 || number > SP_REDIS_LONGEST)
			return -1;
		if (has_bytes(type)) {
			line = f->length;
			f->length += number + 2;
			if (st->phase != SP_REDIS_NAME && st->phase != SP_REDIS_MAYBE_PUSH && st->phase != SP_REDIS_PUSHED)
				return line;
			return f->length < SP_PEEK ? f->length : SP_PEEK;
		}
		return f->length;
	}
	if (type != '+' && type != '-' && type != ':' && type != '_' && type != ',' && type != '#' && type != '(')
		return -1;
	return f->length;
}

/* How many elements the aggregate at hand has. */
static __always_inline __u32 elements(const struct scratch *s)
{
	__u32 at = s->frame.at;
	__u8 type = byte_at(s, at);
	long number = byte_at(s, at + 1) == '-' ? 0 : sp_number(s, at + 1);

	return number < 0 ? 0 : type == '%' || type == '|' ? 2 * number : number;
}

/* The first letters of the text at `at`, in lower case. */
static __always_inline int is_word(const struct scratch *s, __u32 at, __u64 word, int length)
{
	return first_bytes(lower_at(s, at), length) == word;
}

static __always_inline int is_subscription(const struct scratch *s, __u32 at)
{
	/* Of patterns, psubscribe and punsubscribe, and of shards, ssubscribe and sunsubscribe; but not the s of subscribe itself. */
	if (is_word(s, at, SP_WORD("p"), 1) || is_word(s, at, SP_WORD("ss"), 2) || is_word(s, at, SP_WORD("sun"), 3))
		at++;
	return is_word(s, at, SP_WORD("subscrib"), 8) || is_word(s, at, SP_WORD("unsubscr"), 8);
}

/* The command's name is at `at`. */
static __always_inline void redis_name(struct conn *c, const struct scratch *s, struct exchange *x, __u32 at, __u64 length)
{
	if (length == 6 && is_word(s, at, SP_WORD("select"), 6)) {
		x->kind = SP_REDIS_SELECT;
	} else if (length >= 9 && is_subscription(s, at)) {
		x->kind = SP_REDIS_SUBSCRIBE;
		c->stream[!s->direction].bits |= SP_FRAME_BUILDING;
	} else if ((length == 7 && is_word(s, at, SP_WORD("monitor"), 7)) || (length == 4 && is_word(s, at, SP_WORD("sync"), 4)) ||
		   (length == 5 && is_word(s, at, SP_WORD("psync"), 5))) {
		/* What follows has no requests. */
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		c->first = c->next;
	}
}

static __always_inline void redis_capture(struct conn *c, struct scratch *s, struct exchange *x)
{
	__u32 to = s->frame.end;

	if (!may_be_kept(x))
		return;
	x->head_len = 0;
	x->capture = SP_PREFIX;
	if (to - s->frame.at > SP_PREFIX)
		to = s->frame.at + SP_PREFIX;
	sp_capture(x, s, c->endpoints.id, s->frame.at, to);
}

static __always_inline int redis_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct frame *f = &s->frame;
	struct exchange *x;
	__u32 at;

	if (f->type == SP_REDIS_PART)
		return 0;
	if (f->type == SP_REDIS_INLINE) {
		if (byte_at(s, f->at) == '\r' || byte_at(s, f->at) == '\n')
			return 0;
		x = begin_frames(c, s, config, SP_REDIS_ANY);
		if (x)
			redis_capture(c, s, x);
		return 0;
	}
	if (!st->batches) {
		st->batches = elements(s);
		if (!st->batches)
			return 0;
		st->phase = SP_REDIS_NAME;
		x = begin_frames(c, s, config, SP_REDIS_ANY);
		if (x) {
			redis_capture(c, s, x);
			x->batch = f->length;
		}
		return 0;
	}
	st->batches--;
	if (st->phase != SP_REDIS_NAME)
		return 0;
	st->phase = SP_REDIS_REPLY;
	x = current_request(c);
	if (!x)
		return 0;
	/* It came after what was captured. */
	if (x->head_len < x->batch + f->length)
		redis_capture(c, s, x);
	at = behind_line(s, f->at, f->end);
	redis_name(c, s, x, at, f->at + f->length - at - 2);
	return 0;
}

/* The word an error begins with: five letters, 6 bits each, and two bits of the sixth. */
static __always_inline __u32 redis_error(const struct scratch *s, __u32 at)
{
	__u32 code = 0, ended = 0;

	for (int i = 0; i < 5; i++) {
		__u32 letter = (__u8)byte_at(s, at + i);

		ended |= ((letter - 'A') >> 31) | (('Z' - letter) >> 31);
		code = code << 6 | ((letter - ' ') & 63 & (ended - 1));
	}
	return code << 2 | (((__u8)byte_at(s, at + 5) >> 2) & 3 & (ended - 1));
}

static __always_inline void redis_replied(struct conn *c, struct scratch *s, struct stream *st)
{
	if (st->phase == SP_REDIS_PUSH || !is_open(c))
		return;
	if (st->phase == SP_REDIS_CONFIRMED && c->open.kind != SP_REDIS_SUBSCRIBE)
		return;
	if (c->open.kind == SP_REDIS_SELECT && !c->open.status)
		sp_statement_answered(c, s, SP_REDIS_SELECT, 0);
	finish_frames(c, s);
}

static __always_inline int redis_answers(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	__u32 at;

	if (f->type == SP_REDIS_PART)
		return 0;
	if (!st->batches) {
		st->batches = 1;
		st->phase = f->type == '>'				       ? SP_REDIS_PUSHED
			    : f->type == '*' && (st->bits & SP_FRAME_BUILDING) ? SP_REDIS_MAYBE_PUSH
									       : SP_REDIS_REPLY;
		if (is_open(c) && st->phase == SP_REDIS_REPLY) {
			if (!c->open.response_start)
				c->open.response_start = s->now;
			if (f->type == '-' && !c->open.status)
				c->open.status = redis_error(s, f->at + 1);
		}
	} else if (st->phase == SP_REDIS_MAYBE_PUSH || st->phase == SP_REDIS_PUSHED) {
		at = f->at + 4; /* $7 or $12, and the line's end */
		if (byte_at(s, at) == '\n')
			at++;
		if (is_subscription(s, at))
			st->phase = SP_REDIS_CONFIRMED;
		else if (st->phase == SP_REDIS_PUSHED || is_word(s, at, SP_WORD("message"), 7) || is_word(s, at, SP_WORD("pmessage"), 8) ||
			 is_word(s, at, SP_WORD("smessage"), 8))
			st->phase = SP_REDIS_PUSH;
		else
			st->phase = SP_REDIS_REPLY;
		if (is_open(c) && !c->open.response_start && st->phase != SP_REDIS_PUSH)
			c->open.response_start = s->now;
	}
	/* Attributes stand before what they are of. */
	if (f->type != '|')
		st->batches--;
	if (has_elements(f->type))
		st->batches += elements(s);
	if (!st->batches)
		redis_replied(c, s, st);
	return 0;
}

__noinline int sp_redis_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	int lost = 0;
	__u8 continued;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	continued = st->bits & SP_FRAME_CONTINUED;
	if (s->frame.type == SP_REDIS_CUT)
		return -SP_LOST_SYSCALL; /* its rest comes from a file */
	lost = s->direction == request_direction(c) ? redis_asks(c, s, st, config) : redis_answers(c, s, st);
	if (continued && byte_at(s, s->frame.at + s->frame.length - 1) == '\n')
		st->bits &= ~SP_FRAME_CONTINUED;
	return lost;
}
