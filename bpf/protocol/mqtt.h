/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * MQTT 3.1 to 5. What a client asks has an answer by its packet's number, and so has what it publishes with a quality of service: that of the second kind is over
 * with its PUBCOMP. What it publishes without one, and all that a server delivers, are messages that nobody answers.
 */
#pragma once

#include "numbered.h"
#include "oneway.h"

#define SP_MQTT_SHOWN 240
#define SP_MQTT_CONNECTING 0x10000 /* a number that no packet has */
#define SP_MQTT_FAILED 0x80

enum sp_mqtt_packet {
	SP_MQTT_CUT = 0,
	SP_MQTT_CONNECT,
	SP_MQTT_CONNACK,
	SP_MQTT_PUBLISH,
	SP_MQTT_PUBACK,
	SP_MQTT_PUBREC,
	SP_MQTT_PUBREL,
	SP_MQTT_PUBCOMP,
	SP_MQTT_SUBSCRIBE,
	SP_MQTT_SUBACK,
	SP_MQTT_UNSUBSCRIBE,
	SP_MQTT_UNSUBACK,
	SP_MQTT_PINGREQ,
	SP_MQTT_PINGRESP,
	SP_MQTT_DISCONNECT,
	SP_MQTT_AUTH,
};

#define SP_MQTT_BIT(type) (1U << SP_MQTT_##type)
#define SP_MQTT_BOTH_SAY                                                                                                                           \
	(SP_MQTT_BIT(PUBLISH) | SP_MQTT_BIT(PUBACK) | SP_MQTT_BIT(PUBREC) | SP_MQTT_BIT(PUBREL) | SP_MQTT_BIT(PUBCOMP) | SP_MQTT_BIT(DISCONNECT) | \
	 SP_MQTT_BIT(AUTH))
#define SP_MQTT_ASK (SP_MQTT_BIT(CONNECT) | SP_MQTT_BIT(SUBSCRIBE) | SP_MQTT_BIT(UNSUBSCRIBE) | SP_MQTT_BIT(PINGREQ))
#define SP_MQTT_ANSWER (SP_MQTT_BIT(CONNACK) | SP_MQTT_BIT(SUBACK) | SP_MQTT_BIT(UNSUBACK) | SP_MQTT_BIT(PINGRESP))

/* enum in Mqtt.java. */
enum sp_mqtt_operation { SP_MQTT_PUBLISHES = 1, SP_MQTT_DELIVERS, SP_MQTT_SUBSCRIBES, SP_MQTT_UNSUBSCRIBES, SP_MQTT_CONNECTS };

/* Of the direction that asks: the version that the client has said. */
#define SP_MQTT_OLD SP_FRAME_ONE_BYTE
#define SP_MQTT_FIVE SP_FRAME_BUILDING

/* How many bytes say how long the packet at `at` is; 0: more than there are. */
static __always_inline __u32 mqtt_length_bytes(const struct scratch *s, __u32 at)
{
	__u64 last = ~word_at(s, at + 1) & 0x80808080ULL;

	return last ? through_first(last) : 0;
}

/* Of so many bytes, seven bits each. */
static __always_inline __u32 mqtt_length(const struct scratch *s, __u32 at, __u32 bytes)
{
	__u32 word = first_bytes(word_at(s, at + 1), bytes);

	return (word & 0x7f) | (word >> 1 & 0x7f << 7) | (word >> 2 & 0x7f << 14) | (word >> 3 & 0x7f << 21);
}

static __always_inline int looks_like_mqtt(const struct scratch *s, __u64 total)
{
	__u8 type = byte_at(s, 0);
	__u32 bytes = mqtt_length_bytes(s, 0), length = mqtt_length(s, 0, bytes), at = 1 + bytes;

	if (!bytes)
		return 0;
	/* Whose first bytes say enough, however it was cut. */
	if (type == SP_MQTT_CONNECT << 4) {
		__u64 name = word_at(s, at);

		if (total < at + sizeof(name))
			return 0;
		if (first_bytes(name, 6) == SP_WORD("\0\4MQTT"))
			return (__u8)(name >> 48) - 3U <= 2 ? SP_GUESS_STRONG | SP_GUESS_STARTUP : 0;
		return name == SP_WORD("\0\6MQIsdp") ? SP_GUESS_STRONG | SP_GUESS_STARTUP : 0;
	}
	if (at + length > total)
		return 0;
	/* Both sides publish, so of a connection that was there before these say who is who. */
	if (type == (SP_MQTT_SUBSCRIBE << 4 | 2) || type == (SP_MQTT_UNSUBSCRIBE << 4 | 2))
		return at + length == total && length > 4 ? SP_GUESS_WEAK : 0;
	return type == SP_MQTT_PINGREQ << 4 && !length && total == 2 ? SP_GUESS_WEAK : 0;
}

static __always_inline long mqtt_header_bytes(const struct stream *st)
{
	return 2;
}

__noinline long sp_mqtt_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	__u32 bytes, have, want, may;
	__u8 first;

	if (!c || !s)
		return -1;
	f = &s->frame;
	have = f->end - f->at;
	first = byte_at(s, f->at);
	bytes = mqtt_length_bytes(s, f->at);
	if (have < 5 && (!bytes || 1 + bytes > have)) {
		f->type = SP_MQTT_CUT;
		f->length = have + 1;
		return have + 1;
	}
	if (!bytes)
		return -1;
	f->type = first >> 4;
	f->length = 1ULL + bytes + mqtt_length(s, f->at, bytes);
	may = SP_MQTT_BOTH_SAY | (s->direction == request_direction(c) ? SP_MQTT_ASK : SP_MQTT_ANSWER);
	if (!(may >> f->type & 1))
		return -1;
	if (f->type != SP_MQTT_PUBLISH &&
	    (first & 15) != (f->type == SP_MQTT_PUBREL || f->type == SP_MQTT_SUBSCRIBE || f->type == SP_MQTT_UNSUBSCRIBE ? 2 : 0))
		return -1;
	if (f->type == SP_MQTT_PUBLISH && (first & 6) == 6)
		return -1;
	want = SP_MQTT_SHOWN;
	return f->length < want ? f->length : want;
}

/* An exchange's rows: the version, as far as the agent needs to know. */
static __always_inline __u32 mqtt_version(const struct conn *c)
{
	__u8 bits = c->stream[request_direction(c)].bits;

	return bits & SP_MQTT_FIVE ? 5 : bits & SP_MQTT_OLD ? 4 : 0;
}

/* A request with an answer, by this number. */
__noinline int sp_mqtt_asks(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 number, __u32 method)
{
	struct exchange *x;
	struct frame *f;
	int lost;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	lost = sp_begin_numbered(c, s, config, number, method);
	if (lost)
		return lost;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	c->stream[s->direction & 1].numbered = SP_NUMBERED_ANSWERED;
	x->rows = mqtt_version(c);
	if (!may_be_kept(x))
		return 0;
	x->capture = SP_STATEMENT;
	sp_capture(x, s, c->endpoints.id, f->at, f->end - f->at > f->length ? f->at + f->length : f->end);
	return 0;
}

/* The answer to this number. `status`: what it says went wrong; `ends`: there is no other one to come. */
__noinline int sp_mqtt_answered(struct conn *c, struct scratch *s, __u32 number, __u32 status, __u32 ends)
{
	struct exchange *x;
	struct stream *st;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	x = answer_numbered(c, s, st, number);
	if (!x)
		return 0;
	x->status = status;
	if (!ends)
		st->numbered = SP_NUMBERED_NONE;
	return 0;
}

/* The code behind a list's properties, which only version 5 has. */
static __always_inline __u32 mqtt_first_code(const struct conn *c, const struct scratch *s, __u32 at)
{
	__u32 version = mqtt_version(c);
	__u8 properties = byte_at(s, at);

	if (!version || (version == 5 && properties & 0x80))
		return 0;
	return (__u8)byte_at(s, version == 5 ? at + 1 + properties : at);
}

__noinline int sp_mqtt_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct frame *f;
	struct stream *st;
	__u32 at, left, number, code = 0, asks, service;
	__u8 level;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	st->numbered = SP_NUMBERED_NONE;
	if (f->type == SP_MQTT_CUT)
		return -SP_LOST_SYSCALL; /* its rest comes from a file */
	asks = s->direction == request_direction(c);
	at = f->at + 1 + mqtt_length_bytes(s, f->at);
	left = f->length - (at - f->at);
	number = big_endian_16(s, at);
	switch (f->type) {
	case SP_MQTT_CONNECT:
		level = byte_at(s, at + 2 + number);
		st->bits &= ~(SP_MQTT_OLD | SP_MQTT_FIVE | SP_FRAME_STARTUP);
		st->bits |= SP_FRAME_CONFIRMED | (level == 5 ? SP_MQTT_FIVE : SP_MQTT_OLD);
		return sp_mqtt_asks(c, s, config, SP_MQTT_CONNECTING, SP_MQTT_CONNECTS);
	case SP_MQTT_SUBSCRIBE:
		return sp_mqtt_asks(c, s, config, number, SP_MQTT_SUBSCRIBES);
	case SP_MQTT_UNSUBSCRIBE:
		return sp_mqtt_asks(c, s, config, number, SP_MQTT_UNSUBSCRIBES);
	case SP_MQTT_PUBLISH:
		service = byte_at(s, f->at) & 6;
		if (asks && service)
			return sp_mqtt_asks(c, s, config, big_endian_16(s, at + 2 + number), SP_MQTT_PUBLISHES);
		return sp_one_way(c, s, config, (__u64)mqtt_version(c) << 32 | (asks ? SP_MQTT_PUBLISHES : SP_MQTT_DELIVERS), 0);
	case SP_MQTT_CONNACK:
		return sp_mqtt_answered(c, s, SP_MQTT_CONNECTING, (__u8)byte_at(s, at + 1), 1);
	case SP_MQTT_SUBACK:
	case SP_MQTT_UNSUBACK:
		code = left > 2 ? mqtt_first_code(c, s, at + 2) : 0;
		return sp_mqtt_answered(c, s, number, code >= SP_MQTT_FAILED ? code : 0, 1);
	case SP_MQTT_PUBACK:
	case SP_MQTT_PUBREC:
	case SP_MQTT_PUBCOMP:
		if (asks)
			return 0;
		code = left > 2 ? (__u8)byte_at(s, at + 2) : 0;
		if (code < SP_MQTT_FAILED)
			code = 0;
		return sp_mqtt_answered(c, s, number, code, f->type != SP_MQTT_PUBREC || code);
	}
	return 0;
}
