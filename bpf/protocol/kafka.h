/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Kafka's protocol. A request's kind is its api key, `method`, and `kind` its version. A Produce with acks=0 has no answer. Of an answer the error is taken that
 * stands before its lists, or that of the first partition or topic in them.
 */
#pragma once

#include "numbered.h"

#define SP_KAFKA_HEADER 8 /* of an answer; of a request its length, key and version */
#define SP_KAFKA_ASKS_LEAST 12
#define SP_KAFKA_SHOWN 240
#define SP_KAFKA_MAX (1 << 28)
#define SP_KAFKA_APIS 96
#define SP_KAFKA_VERSIONS 24
#define SP_KAFKA_PRODUCE 0
#define SP_KAFKA_FETCH 1
#define SP_KAFKA_METADATA 3
#define SP_KAFKA_API_VERSIONS 18
#define SP_KAFKA_ASKS_KEPT 512 /* of a Fetch; the answer's records follow */

/* Where an answer has its error. */
enum sp_kafka_error { SP_KAFKA_NOWHERE = 0, SP_KAFKA_TOP, SP_KAFKA_PARTITION, SP_KAFKA_FETCHED, SP_KAFKA_UNTIL_V3 };

/* Version from which: messages are flexible, a topic is named by its id, the throttle time comes first. */
struct kafka_api {
	__u8 flexible;
	__u8 by_id;
	__u8 throttled;
	__u8 error; /* enum sp_kafka_error */
};

#define SP_NEVER 255

static const struct kafka_api kafka_apis[SP_KAFKA_APIS] = {
	[0] = { 9, 13, SP_NEVER, SP_KAFKA_PARTITION }, /* Produce */
	[1] = { 12, 13, 1, SP_KAFKA_FETCHED }, /* Fetch */
	[2] = { 6, SP_NEVER, 2, SP_KAFKA_PARTITION }, /* ListOffsets */
	[3] = { 9, SP_NEVER, 3, SP_KAFKA_NOWHERE }, /* Metadata */
	[8] = { 8, 10, 3, SP_KAFKA_PARTITION }, /* OffsetCommit */
	[9] = { 6, SP_NEVER, 3, SP_KAFKA_NOWHERE }, /* OffsetFetch */
	[10] = { 3, SP_NEVER, 1, SP_KAFKA_UNTIL_V3 }, /* FindCoordinator */
	[11] = { 6, SP_NEVER, 2, SP_KAFKA_TOP }, /* JoinGroup */
	[12] = { 4, SP_NEVER, 1, SP_KAFKA_TOP }, /* Heartbeat */
	[13] = { 4, SP_NEVER, 1, SP_KAFKA_TOP }, /* LeaveGroup */
	[14] = { 4, SP_NEVER, 1, SP_KAFKA_TOP }, /* SyncGroup */
	[16] = { 3, SP_NEVER, 1, SP_KAFKA_TOP }, /* ListGroups */
	[17] = { SP_NEVER, SP_NEVER, SP_NEVER, SP_KAFKA_TOP }, /* SaslHandshake */
	[18] = { SP_NEVER, SP_NEVER, SP_NEVER, SP_KAFKA_TOP }, /* ApiVersions: its answer's header never is */
	[22] = { 2, SP_NEVER, 0, SP_KAFKA_TOP }, /* InitProducerId */
	[25] = { 3, SP_NEVER, 0, SP_KAFKA_TOP }, /* AddOffsetsToTxn */
	[26] = { 3, SP_NEVER, 0, SP_KAFKA_TOP }, /* EndTxn */
	[28] = { 3, SP_NEVER, 0, SP_KAFKA_PARTITION }, /* TxnOffsetCommit */
	[29] = { 2, SP_NEVER, 0, SP_KAFKA_TOP }, /* DescribeAcls */
	[36] = { 2, SP_NEVER, SP_NEVER, SP_KAFKA_TOP }, /* SaslAuthenticate */
	[60] = { 0, SP_NEVER, 0, SP_KAFKA_TOP }, /* DescribeCluster */
	[68] = { 0, SP_NEVER, 0, SP_KAFKA_TOP }, /* ConsumerGroupHeartbeat */
	[71] = { 0, SP_NEVER, 0, SP_KAFKA_TOP }, /* GetTelemetrySubscriptions */
	[72] = { 0, SP_NEVER, 0, SP_KAFKA_TOP }, /* PushTelemetry */
};

static __always_inline __u16 big_endian_16(const struct scratch *s, __u32 at)
{
	return __builtin_bswap16((__u16)word_at(s, at));
}

static __always_inline int looks_like_kafka(const struct scratch *s, __u64 total)
{
	__u32 length = big_endian(s, 0), api = big_endian_16(s, 4), version = big_endian_16(s, 6);
	__s16 client = big_endian_16(s, 12);
	__u8 first = byte_at(s, 14);

	if (total < 14 || length < 10 || length >= 1 << 24)
		return 0;
	if (api >= SP_KAFKA_APIS || version >= SP_KAFKA_VERSIONS || big_endian(s, 8) >> 31 || client < -1 || client > 255 ||
	    client + 10 > (int)length)
		return 0;
	/* An answer read as a request mostly has a client without a name: of requests only the first one on a connection is taken for one then. */
	if (!client && api != SP_KAFKA_API_VERSIONS)
		return 0;
	if (client > 0 && total > 14 && (first < ' ' || first >= 127))
		return 0;
	return length + 4 > total && length < SP_BLOCK ? SP_GUESS_WEAK : SP_GUESS_STRONG;
}

static __always_inline long kafka_header_bytes(const struct stream *st)
{
	return SP_KAFKA_HEADER;
}

__noinline long sp_kafka_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	__u64 want;

	if (!c || !s)
		return -1;
	f = &s->frame;
	f->length = 4ULL + big_endian(s, f->at);
	if (f->length > SP_KAFKA_MAX)
		return -1;
	if (s->direction == request_direction(c)) {
		if (f->length < SP_KAFKA_ASKS_LEAST || big_endian_16(s, f->at + 4) >= SP_KAFKA_APIS ||
		    big_endian_16(s, f->at + 6) >= SP_KAFKA_VERSIONS)
			return -1;
	} else if (f->length < SP_KAFKA_HEADER) {
		return -1;
	}
	want = SP_KAFKA_SHOWN;
	return f->length < want ? f->length : want;
}

/* A Produce that wants no answer: acks stands behind the client's name and the transaction's. Not inlined, for its frame. */
__noinline int sp_kafka_is_unanswered(const struct scratch *s, __u32 at, __u32 version)
{
	__u32 client;

	if (!s)
		return 0;
	client = big_endian_16(s, at + 12);
	if (client == 0xffff)
		client = 0;
	if (client > SP_KAFKA_SHOWN)
		return 0;
	at += 14 + client;
	if (version >= 9) {
		__u8 name = byte_at(s, at + 1);

		if (byte_at(s, at) || name > SP_KAFKA_SHOWN / 2)
			return 0;
		at += 2 + (name ? name - 1 : 0);
	} else if (version >= 3) {
		__u32 name = big_endian_16(s, at);

		if (name == 0xffff)
			name = 0;
		if (name > SP_KAFKA_SHOWN / 2)
			return 0;
		at += 2 + name;
	}
	return !big_endian_16(s, at);
}

static __always_inline int kafka_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct frame *f = &s->frame;
	__u32 api = big_endian_16(s, f->at + 4), version = big_endian_16(s, f->at + 6), number = big_endian(s, f->at + 8), to;
	struct exchange *x;
	int lost;

	lost = sp_begin_numbered(c, s, config, number, version << 8 | api);
	if (lost)
		return lost;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	st->numbered = api == SP_KAFKA_PRODUCE && sp_kafka_is_unanswered(s, f->at, version) ? SP_NUMBERED_UNANSWERED : SP_NUMBERED_ANSWERED;
	if (!may_be_kept(x))
		return 0;
	x->capture = api == SP_KAFKA_FETCH ? SP_KAFKA_ASKS_KEPT : SP_STATEMENT;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	sp_capture(x, s, c->endpoints.id, f->at, to);
	st->bits |= SP_FRAME_CAPTURED;
	return 0;
}

/* A count or length: of one or two bytes, plus one, where messages are flexible. Its own length is added to *at; -1: too many. */
static __always_inline int kafka_count(const struct scratch *s, __u32 *at, int flexible, int wide)
{
	__u32 from = *at;
	__u8 low;

	if (!flexible) {
		*at = from + (wide ? 4 : 2);
		return wide ? (int)big_endian(s, from) : (int)(__s16)big_endian_16(s, from);
	}
	low = byte_at(s, from);
	if (!(low & 0x80)) {
		*at = from + 1;
		return (int)low - 1;
	}
	if (byte_at(s, from + 1) & 0x80)
		return -1;
	*at = from + 2;
	return ((low & 0x7f) | byte_at(s, from + 1) << 7) - 1;
}

/* The error of the first partition of the first topic: behind its index. */
static __always_inline __u32 kafka_partition_error(const struct scratch *s, __u32 at, __u32 end, int flexible, int by_id)
{
	int topics, partitions, name;

	topics = kafka_count(s, &at, flexible, 1);
	if (topics <= 0)
		return 0;
	if (by_id) {
		at += 16;
	} else {
		name = kafka_count(s, &at, flexible, 0);
		if (name < 0 || name > SP_KAFKA_SHOWN)
			return 0;
		at += name;
	}
	partitions = kafka_count(s, &at, flexible, 1);
	if (partitions <= 0 || at + 6 > end)
		return 0;
	return big_endian_16(s, at + 4);
}

/* The error in the answer at `at`: Kafka's number as 16 bits, or 0. */
__noinline __u32 sp_kafka_error(const struct scratch *s, __u32 at, __u32 end, __u32 key, __u32 version)
{
	struct kafka_api api;
	int flexible;

	if (!s || key >= SP_KAFKA_APIS)
		return 0;
	api = kafka_apis[key];
	flexible = version >= api.flexible;
	at += SP_KAFKA_HEADER + flexible;
	if (api.error == SP_KAFKA_NOWHERE || (api.error == SP_KAFKA_UNTIL_V3 && version > 3))
		return 0;
	if (version >= api.throttled)
		at += 4;
	if (api.error == SP_KAFKA_FETCHED && version >= 7) {
		if (at + 6 > end)
			return 0;
		if (big_endian_16(s, at))
			return big_endian_16(s, at);
		at += 6; /* and the session's id */
	}
	if (api.error == SP_KAFKA_TOP || api.error == SP_KAFKA_UNTIL_V3)
		return at + 2 > end ? 0 : big_endian_16(s, at);
	return kafka_partition_error(s, at, end, flexible, version >= api.by_id);
}

/* Which topic has which id, as far as it is here: later requests speak of topics by their ids. */
__noinline int sp_kafka_topics(struct conn *c, struct scratch *s, __u32 from, __u32 to)
{
	struct exchange *x;
	__u32 length;

	if (!c || !s || from > SP_BLOCK - 1 || to <= from)
		return 0;
	x = request_numbered(c, c->stream[s->direction & 1].batches);
	if (!x)
		return 0;
	/* The frame's own length is not needed any more. */
	s->block[from & (SP_BLOCK - 1)] = x->kind;
	length = to - from;
	if (length > SP_HEAD_BYTES)
		length = SP_HEAD_BYTES;
	bpf_probe_read_kernel(s->statement.bytes, length, &s->block[from]);
	emit_statement(c, s, 0, length);
	return 0;
}

static __always_inline int kafka_answers(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;
	struct exchange *x = answer_numbered(c, s, st, big_endian(s, f->at + 4));
	__u32 to;

	if (!x)
		return 0;
	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	x->status = sp_kafka_error(s, f->at, to, x->method, x->kind);
	if (x->method == SP_KAFKA_METADATA && x->kind >= 10) {
		sp_kafka_topics(c, s, f->at, to);
	} else if (x->method == SP_KAFKA_FETCH && x->head_len) {
		x->rows = x->head_len; /* where the answer begins in what is captured */
		x->capture = SP_STATEMENT;
		sp_capture(x, s, c->endpoints.id, f->at, to);
		st->bits |= SP_FRAME_CAPTURED;
	}
	return 0;
}

__noinline int sp_kafka_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	return s->direction == request_direction(c) ? kafka_asks(c, s, st, config) : kafka_answers(c, s, st);
}
