/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * HTTP/2, and with it gRPC. Many exchanges share a connection, and what they say is compressed with a table that each header block changes. So the kernel walks the
 * frames and tells the agent of each header block and of each end; frames of data are counted and skipped. The agent puts the exchanges together and decides.
 */
#pragma once

#include "http2_frames.h"
#include "http2_news.h"
#include "http2_bodies.h"

/* The stream's own place among what is pending; another's news that stood there is told. */
static __always_inline struct pending *pending_of(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 stream)
{
	struct pending *p = &c->streams.pending[(stream >> 1) % SP_PENDING];

	if (p->stream == stream)
		return p;
	if (p->stream)
		sp_news_of(c, s, config, SP_NEWS_DATA, p->stream);
	p->bytes[0] = 0;
	p->bytes[1] = 0;
	p->ended_ns = 0;
	p->stream = stream;
	return p;
}

/* The frame of data that ends a stream is here to its last byte. */
__noinline int sp_h2_ended(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 stream)
{
	struct stream_news *news;

	if (!c || !s || !config)
		return 0;
	news = news_of_head(s, stream);
	if (s->direction != request_direction(c)) {
		if (news)
			news->answered = 1;
		else
			sp_news_of(c, s, config, SP_NEWS_END, stream);
	} else if (news) {
		news->ended_ns = s->now;
	} else {
		pending_of(c, s, config, stream)->ended_ns = s->now;
	}
	return 0;
}

/* Bytes of data pass. */
static __always_inline void data_passes(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 stream, int answers)
{
	struct stream_news *news = news_of_head(s, stream);

	if (news)
		news->data_bytes[answers] += s->frame.length;
	else
		pending_of(c, s, config, stream)->bytes[answers] += s->frame.length;
}

/* What the connection turned out not to be, or where its place was lost. */
__noinline int sp_h2_break(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 reason)
{
	if (!c || !s)
		return 0;
	if (c->streams.confirmed) {
		count_many(reason < SP_COUNTERS ? reason : SP_LOST_FRAMING, 1);
		unsync(c);
		return 0;
	}
	count(SP_COUNT_GUESSED_WRONG);
	if (c->streams.told) {
		sp_news_of(c, s, config, SP_NEWS_FORGET, 0);
		sp_tell(c, s, config);
	}
	unsync(c);
	c->endpoints.refuted = c->endpoints.protocol;
	c->endpoints.wrong++;
	c->endpoints.role = SP_ROLE_NONE;
	c->endpoints.protocol = SP_PROTOCOL_NONE;
	return 0;
}

/* The connection ends: so do the streams that are open on it. */
static __always_inline void close_streams(struct conn *c, struct scratch *s, struct sock *sk, int unread)
{
	if (!c->streams.told)
		return;
	s->direction = SP_INGRESS;
	s->since = s->now;
	begin_telling(s);
	sp_news_of(c, s, 0, unread ? SP_NEWS_CLOSING : SP_NEWS_CLOSED, 0);
	last_news(s)->code = BPF_CORE_READ(sk, sk_err) ? SP_END_RESET : SP_END_ABORTED;
	sp_tell(c, s, 0);
}

/* The frame at block[frame.at], of which as much is here as is going to be. 0, or a reason, negative. */
__noinline int sp_h2_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct frame *f;
	struct stream *st;
	struct stream_news *news;
	__u32 at, have, stream;
	__u8 flags;
	long inserted;
	int asks;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	asks = s->direction == request_direction(c);
	at = f->at;
	have = f->end - at;
	if (have > f->length)
		have = f->length;
	/* With what was carried the block can hold more than one record: the rest is read again. */
	if (have > SP_H2_HEADER + SP_NEWS_BYTES) {
		have = SP_H2_HEADER + SP_NEWS_BYTES;
		f->end = at + have;
	}
	stream = h2_stream(s, at) & ~(1U << 31);
	flags = byte_at(s, at + 4);
	switch (f->type) {
	case SP_H2_DATA:
		data_passes(c, s, config, stream, !asks);
		if (f->length > SP_H2_HEADER && sp_h2_keeps(c, s, config, stream, flags & SP_H2_PADDED)) {
			/* What follows the header is read by itself. */
			have = SP_H2_HEADER;
			f->end = at + have;
			st->bits |= SP_FRAME_BODY;
			st->batches = stream;
		}
		if (!(flags & SP_H2_END_STREAM))
			return 0;
		if (have == f->length)
			return sp_h2_ended(c, s, config, stream);
		st->bits |= SP_FRAME_ENDING;
		st->batches = stream;
		return 0;
	case SP_H2_HEADERS:
		if (!asks)
			c->streams.confirmed = 1;
	case SP_H2_CONTINUATION:
	case SP_H2_PUSH_PROMISE:
		sp_news_of(c, s, config, SP_NEWS_HEADERS, stream);
		news = last_news(s);
		news->frame_type = f->type;
		news->frame_flags = flags;
		news->first = 1;
		news->remaining = f->length - have;
		if (have < f->length) {
			st->bits |= SP_FRAME_CAPTURED;
			st->batches = stream;
			st->early = f->type;
			st->phase = flags;
		}
		news_bytes(s, at + SP_H2_HEADER, have - SP_H2_HEADER);
		inserted = h2_insertions(s, at, have, flags);
		if (inserted < 0)
			c->streams.uncounted[s->direction & 1]++;
		else
			c->streams.inserted[s->direction & 1] += inserted;
		return 0;
	case SP_H2_RST_STREAM:
		sp_news_of(c, s, config, SP_NEWS_RESET, stream);
		last_news(s)->code = __builtin_bswap32((__u32)word_at(s, at + SP_H2_HEADER));
		return 0;
	case SP_H2_GOAWAY:
		sp_news_of(c, s, config, SP_NEWS_GOAWAY, 0);
		news = last_news(s);
		news->stream = __builtin_bswap32((__u32)word_at(s, at + SP_H2_HEADER)) & ~(1U << 31);
		news->code = __builtin_bswap32((__u32)word_at(s, at + SP_H2_HEADER + 4));
		return 0;
	}
	return 0;
}

/* What follows of a frame that was not whole in the block. 0, or a reason, negative. */
__noinline int sp_h2_rest(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream_news *news;
	struct stream *st;
	__u64 used;
	__u32 read;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	used = s->io.left < st->remaining ? s->io.left : st->remaining;
	if (st->bits & SP_FRAME_CAPTURED) {
		if (s->io.kind == SP_BUFFER_OPAQUE)
			return -SP_LOST_SYSCALL;
		read = used < SP_NEWS_BYTES ? used : SP_NEWS_BYTES;
		SP_CHECKED(read);
		if (read > SP_NEWS_BYTES || bpf_probe_read_user(s->block, read, (void *)s->io.at))
			return -SP_LOST_READ_FAULT;
		used = read;
		sp_news_of(c, s, config, SP_NEWS_HEADERS, st->batches);
		news = last_news(s);
		news->frame_type = st->early;
		news->frame_flags = st->phase;
		news->remaining = st->remaining - used;
		news_bytes(s, 0, read);
	}
	if (st->bits & SP_FRAME_BODY)
		sp_h2_keep(c, s, config, used);
	st->remaining -= used;
	take_bytes(c, s, used);
	if (!st->remaining) {
		st->state = SP_START;
		if (st->bits & SP_FRAME_ENDING)
			sp_h2_ended(c, s, config, st->batches);
		st->bits &= ~(SP_FRAME_CAPTURED | SP_FRAME_ENDING | SP_FRAME_BODY);
		st->early = 0;
	}
	return 0;
}

/* What the direction that asks begins with. */
static __always_inline int is_preface(const struct conn *c, const struct scratch *s, const struct stream *st)
{
	return (st->bits & SP_FRAME_STARTUP) && s->direction == request_direction(c);
}

/* The header is at block[frame.at]: how many bytes of the frame are wanted, or -1. */
static __always_inline long h2_header(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	__u32 at = f->at, want;

	if (is_preface(c, s, st)) {
		f->type = 0xff;
		f->length = SP_H2_PREFACE;
		if (word_at(s, at) != SP_WORD("PRI * HT") || word_at(s, at + 16) != SP_WORD("\r\nSM\r\n\r\n"))
			return -1;
		st->bits &= ~SP_FRAME_STARTUP;
		c->streams.confirmed = 1;
		return SP_H2_PREFACE;
	}
	f->type = byte_at(s, at + 3);
	f->length = SP_H2_HEADER + (__u64)h2_length(s, at);
	if (!is_h2_header(s, at, !c->streams.confirmed))
		return -1;
	want = SP_H2_HEADER;
	if (f->type != SP_H2_DATA)
		want = SP_PEEK;
	return f->length < want ? f->length : want;
}

static long http2_step(__u64 index, struct walk *w)
{
	struct conn *c = w->conn;
	struct scratch *s = w->scratch;
	struct stream *st = &c->stream[s->direction & 1];
	long have, want, lost, header;

	if (!s->io.total || st->state == SP_UNSYNCED || c->endpoints.protocol != SP_PROTOCOL_HTTP2)
		return 1;
	/* The rest belongs to the frame, wherever it lies. */
	if (st->state == SP_LENGTH && !(st->bits & (SP_FRAME_CAPTURED | SP_FRAME_BODY)) && st->remaining >= s->io.total)
		s->io.left = s->io.total;
	if (!s->io.left) {
		s->frame.at = s->frame.end = 0;
		return !next_segment(s);
	}
	if (st->state == SP_LENGTH) {
		lost = sp_h2_rest(c, s, w->config);
		goto end;
	}
	if (s->io.kind == SP_BUFFER_OPAQUE) {
		lost = -SP_LOST_SYSCALL;
		goto end;
	}
	header = is_preface(c, s, st) ? SP_H2_PREFACE : SP_H2_HEADER;
	have = frame_bytes(c, s, header);
	want = have < header ? header : h2_header(c, s, st);
	if (have >= header && have < want && have < s->frame.length)
		have = frame_bytes(c, s, want);
	if (have < 0)
		lost = have;
	else if (want < 0)
		lost = -SP_LOST_FRAMING;
	else if (have < want && (have < header || have < s->frame.length))
		lost = carry_frame(c, s);
	else {
		lost = sp_h2_frame(c, s, w->config);
		if (!lost)
			pass_frame(c, s, st);
	}
end:
	if (lost)
		sp_h2_break(c, s, w->config, -lost);
	return !!lost;
}

/* Where a transfer begins with a frame, the place in the stream is found. */
static __always_inline int is_h2_in_step(struct conn *c, struct scratch *s)
{
	struct stream *st = &c->stream[s->direction & 1];

	if (st->state != SP_UNSYNCED)
		return 1;
	if (sp_read_first(c, s) < 0 || s->io.total < SP_H2_HEADER || !is_h2_header(s, 0, 1))
		return 0;
	st->state = SP_START;
	/* What was missed may have changed the table. */
	c->streams.serial[s->direction & 1]++;
	c->streams.uncounted[s->direction & 1]++;
	return 1;
}

static __always_inline void follow_http2(struct walk *walk)
{
	struct scratch *s = walk->scratch;
	struct conn *c = walk->conn;

	s->since = s->now;
	s->frame.at = s->frame.end = s->frame.carried = s->frame.gathered = 0;
	begin_telling(s);
	if (!is_h2_in_step(c, s))
		return;
	bpf_loop(SP_FRAME_STEPS, http2_step, walk, 0);
	if (s->io.total && c->endpoints.protocol == SP_PROTOCOL_HTTP2 && c->stream[s->direction & 1].state > SP_UNSYNCED)
		sp_h2_break(c, s, walk->config, SP_LOST_STEPS);
	sp_tell(c, s, walk->config);
}

SEC(SP_IO_HOOK)
int sp_protocol_http2(__u64 *ctx)
{
	struct walk walk = { .config = config_at_hand() };

	walk.scratch = scratch_at_hand(ctx);
	if (!walk.scratch) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
	walk.conn = conn_at_hand(ctx, walk.scratch);
	if (!walk.conn)
		return 0;
	if (walk.config)
		follow_http2(&walk);
	release_conn(walk.conn);
	release_scratch(walk.scratch);
	return 0;
}
