/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * DNS: a question and its answer, matched by the socket, the number and the question. Over TCP messages are frames with their length before them. Over UDP each
 * datagram is one; a question waits for its answer in sp_waiting, and one that is asked again, or for longer than resolvers are patient, has timed out.
 */
#pragma once

#include "numbered.h"

#define SP_DNS_HEADER 12
#define SP_DNS_LENGTH 2
#define SP_DNS_TCP 1 /* an exchange's method; 0: UDP */
#define SP_DNS_LABELS 128
#define SP_DNS_NAME 255
#define SP_DNS_SHOWN 240
/* A whole question. */
#define SP_DNS_QUESTION (SP_DNS_HEADER + SP_DNS_NAME + 4)
#define SP_DNS_READ 288
#define SP_DNS_PATIENCE 5000000000ULL

/* Flags, as in network order: an answer; and what a question has none of: another operation, AA, TC, RA, Z and an outcome. */
#define SP_DNS_ANSWER 0x8000
#define SP_DNS_NOT_ASKED 0xfecf

/* Whether a header is that of a question: of one, with nothing else but options. */
static __always_inline int is_dns_question(const struct scratch *s, __u32 at)
{
	return !(big_endian_16(s, at + 2) & SP_DNS_NOT_ASKED) && big_endian_16(s, at + 4) == 1 && !big_endian(s, at + 6) &&
	       big_endian_16(s, at + 10) <= 2;
}

/* Where the name that begins at `at` ends; 0: it does not before `end`. Not inlined, for its loop. */
__noinline __u32 sp_dns_name_end(const struct scratch *s, __u32 at, __u32 end)
{
	__u32 begin = at;

	if (!s)
		return 0;
	for (int i = 0; i < SP_DNS_LABELS; i++) {
		__u8 label;

		if (at >= end || at - begin >= SP_DNS_NAME)
			return 0;
		label = masked_word_at(s, at);
		at += 1 + label + SP_UNTRACKED(s->scan.zero);
		if (!label)
			return at;
		if (label > 63)
			return 0;
	}
	return 0;
}

/* Of the message in block[at, end): bytes up to behind its question, or 0. */
static __always_inline __u32 dns_question(const struct scratch *s, __u32 at, __u32 end)
{
	__u32 name = sp_dns_name_end(s, at + SP_DNS_HEADER, end), class;

	if (!name || name + 4 > end)
		return 0;
	class = big_endian_16(s, name + 2);
	if (class != 1 && class != 3 && class != 4 && class != 255)
		return 0;
	return name + 4 - at;
}

/* Whether a question of `total` bytes has nothing behind itself but the options that it says it has; the shortest are 11 bytes. */
static __always_inline int is_dns_whole(const struct scratch *s, __u32 length, __u64 total)
{
	return big_endian_16(s, 10) ? length + 11 <= total : length == total;
}

static __always_inline int looks_like_dns(const struct scratch *s, __u64 total)
{
	__u32 length = big_endian_16(s, 0);
	__u8 label = byte_at(s, SP_DNS_LENGTH + SP_DNS_HEADER);

	if (total < SP_DNS_LENGTH + SP_DNS_HEADER + 5 || length < SP_DNS_HEADER + 5 || length > 4096)
		return 0;
	if (label > 63 || !is_dns_question(s, SP_DNS_LENGTH))
		return 0;
	return length + SP_DNS_LENGTH > total ? SP_GUESS_WEAK : SP_GUESS_STRONG;
}

static __always_inline long dns_header_bytes(const struct stream *st)
{
	return SP_DNS_LENGTH + SP_DNS_HEADER;
}

__noinline long sp_dns_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	__u64 want;
	int asks;

	if (!c || !s)
		return -1;
	f = &s->frame;
	f->length = SP_DNS_LENGTH + big_endian_16(s, f->at);
	asks = s->direction == request_direction(c);
	if (f->length < SP_DNS_LENGTH + SP_DNS_HEADER || !!(big_endian_16(s, f->at + 4) & SP_DNS_ANSWER) == asks)
		return -1;
	want = asks ? SP_DNS_SHOWN : SP_DNS_LENGTH + SP_DNS_HEADER;
	return f->length < want ? f->length : want;
}

static __always_inline void dns_answered(struct exchange *x, const struct scratch *s, __u32 at)
{
	x->status = big_endian_16(s, at + 2) & 15;
	x->rows = big_endian_16(s, at + 6);
}

/* It was asked again, or nobody waits any more. */
__noinline int sp_dns_timed_out(__u64 key, struct scratch *s)
{
	struct waiting *w = bpf_map_lookup_elem(&sp_waiting, &key);

	if (!w || !s)
		return 0;
	w->exchange.response_end = s->now;
	leave_task(&w->endpoints, &w->exchange);
	return sp_end_waiting(key, s, SP_END_TIMEOUT);
}

__noinline int sp_dns_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct frame *f;
	struct stream *st;
	struct exchange *x;
	__u32 number, to;
	int lost;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	number = big_endian_16(s, f->at + SP_DNS_LENGTH);
	if (s->direction != request_direction(c)) {
		x = answer_numbered(c, s, st, number);
		if (x)
			dns_answered(x, s, f->at + SP_DNS_LENGTH);
		return 0;
	}
	if (!is_dns_question(s, f->at + SP_DNS_LENGTH))
		return 0;
	lost = sp_begin_numbered(c, s, config, number, SP_DNS_TCP);
	if (lost)
		return lost;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	st->numbered = SP_NUMBERED_ANSWERED;
	x->capture = SP_DNS_QUESTION;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	sp_capture(x, s, c->endpoints.id, f->at + SP_DNS_LENGTH, to);
	st->bits |= SP_FRAME_CAPTURED;
	return 0;
}
