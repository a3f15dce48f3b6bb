/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which protocol of frames does a connection speak? Asked at the start of transfers, while nothing is known of it. */
#pragma once

/* Whether a request or an answer of HTTP/1 begins here, which is not for the protocols of frames. */
static __always_inline int looks_like_http(const struct scratch *s)
{
	__u32 length;

	return method_of(s, 0, &length) > SP_METHOD_OTHER || first_bytes(word_at(s, 0), 7) == SP_WORD("HTTP/1.");
}

/* How sure a guess is; what was wrong last time comes after what was not. Without branches, as the next: the verifier would go on with each combination of them. */
static __always_inline __u64 sureness(const struct conn *c, __u64 how, __u64 protocol)
{
	__u64 strong = how / SP_GUESS_STRONG & 1, any = strong | (how & SP_GUESS_WEAK);

	return (any + strong) * 2 - (any & is_zero(c->endpoints.refuted ^ protocol));
}

/* The surer of both, the first if they are alike; what a guess is made of: sureness << 16 | enum sp_protocol << 8 | enum sp_guess. */
static __always_inline __u64 surer(__u64 best, __u64 other)
{
	return best ^ ((best ^ other) & -is_negative((best >> 16) - (other >> 16)));
}

/* Each a function of its own, so that the verifier does not multiply them. */
#define SP_LOOK(name, file)                                                       \
	__noinline int sp_looks_like_##file(const struct scratch *s, __u64 total) \
	{                                                                         \
		return s ? looks_like_##file(s, total) : 0;                       \
	}
SP_EACH_PROTOCOL(SP_LOOK)

/* Whether the policy asks for a protocol, or for what it carries. */
static __always_inline int is_asked_for(const struct trace_config *config, __u32 protocol)
{
	__u32 mask = 1U << protocol;

	if (protocol == SP_PROTOCOL_HTTP2)
		mask |= 1U << SP_PROTOCOL_GRPC | SP_OVER_HTTP;
	return !!(config->protocols & mask);
}

/* The surest guess of all protocols that are asked for. 0: none. Not inlined: its frame is gone then. */
__noinline __u32 sp_guess(const struct conn *c, const struct scratch *s, const struct trace_config *config, __u64 bytes)
{
	__u64 best = 0, how;

	if (!c || !s || !config || looks_like_http(s))
		return 0;
#define SP_ASK(name, file)                                                                                               \
	if (is_asked_for(config, SP_PROTOCOL_##name)) {                                                                  \
		how = (__u32)sp_looks_like_##file(s, bytes);                                                             \
		best = surer(best, sureness(c, how, SP_PROTOCOL_##name) << 16 | SP_PROTOCOL_##name << 8 | (how & 0xff)); \
	}
	SP_EACH_PROTOCOL(SP_ASK)
#undef SP_ASK
	return best;
}

/* Bytes of a TLS record's ciphertext at most, and its header. */
#define SP_TLS_RECORD (16384 + 2048)
#define SP_TLS_HEADER 5

/* A handshake begins with one side's hello; where it is over, with application data. */
static __always_inline int looks_like_tls(const struct scratch *s)
{
	const __u8 *b = (const __u8 *)s->block;
	__u32 length = b[3] << 8 | b[4];

	if (b[1] != 3 || b[2] > 4 || length > SP_TLS_RECORD)
		return 0;
	return (b[0] == 0x16 && (b[5] == 1 || b[5] == 2) && !b[6]) || (b[0] == 0x17 && b[2] == 3 && length > 16 && s->io.total > SP_TLS_HEADER);
}

/* Whether only its bytes can say what the connection is: chance alone must not pass over them. */
static __always_inline int is_told_by_bytes(const struct conn *c, const struct trace_config *config)
{
	if (c->endpoints.protocol)
		return 1;
	if (c->stream[SP_INGRESS].state == SP_OPAQUE && !(c->stream[SP_INGRESS].bits & SP_UPGRADED))
		return 0;
	return (c->endpoints.role == SP_ROLE_NONE && c->endpoints.wrong < SP_WRONG_GUESSES && (config->protocols & ~(1U << SP_PROTOCOL_HTTP)));
}

/* What may become these bytes, by which a client begins. */
static __always_inline int may_become(const struct scratch *s, __u64 preface, __u64 bytes)
{
	return first_bytes(word_at(s, 0), bytes) == first_bytes(preface, bytes);
}

/* What may become a line's first word: letters, and a blank or a brace behind them. */
static __always_inline int may_be_word(const struct scratch *s, __u64 bytes)
{
	const __u64 high = 0x8080808080808080, letter_or_blank = 0x4040404040404040;
	__u64 word = word_at(s, 0);

	return bytes <= sizeof(word) && !first_bytes(word & high, bytes) &&
	       first_bytes((word | word << 1) & letter_or_blank, bytes) == first_bytes(letter_or_blank, bytes);
}

/* Whether text that has to wait may be what a protocol of frames begins with, that is asked for. */
static __always_inline int may_be_asked_for(const struct scratch *s, const struct trace_config *config, __u64 bytes)
{
	return (is_asked_for(config, SP_PROTOCOL_HTTP2) && may_become(s, SP_WORD("PRI * HT"), bytes)) ||
	       (is_asked_for(config, SP_PROTOCOL_AMQP) && may_become(s, SP_AMQP_PREFACE, bytes)) ||
	       ((config->protocols & SP_LINE_PROTOCOLS) && may_be_word(s, bytes));
}

/* No protocol of frames begins with text that has to wait, but Redis' arrays, HTTP/2, AMQP and lines. */
static __always_inline int begins_text(const struct scratch *s, __u64 bytes)
{
	__u8 first = byte_at(s, 0), second = byte_at(s, 1);

	if (bytes < 2 || first == '*' || first < ' ' || first >= 127)
		return 0;
	return (second >= ' ' && second < 127) || second == '\r' || second == '\n' || second == '\t';
}

/* So few bytes say nothing: they wait for what comes next, unless HTTP/1 keeps them itself, as what may be a line of its own. 1: they wait. */
__noinline int sp_hold(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 bytes)
{
	struct stream *st;
	__u32 length;
	__u8 more;

	if (!c || !s || !config)
		return 0;
	st = &c->stream[s->direction & 1];
	more = is_held(st);
	if (st->state != SP_UNSYNCED && !more)
		return 0;
	if (st->state == SP_UNSYNCED)
		st->bits &= ~SP_FRAME_CARRIED;
	if (!bytes || bytes > SP_HELD_BYTES || (!more && st->held >= SP_MOST_HELD) || (begins_text(s, bytes) && !may_be_asked_for(s, config, bytes)))
		return 0;
	if (follows_http(config) && (byte_at(s, 0) == '\r' || byte_at(s, 0) == '\n' || method_of(s, bytes, &length) >= 0))
		return 0;
	/* What HTTP/1 kept is no line of its own, as is seen now. */
	st->state = SP_UNSYNCED;
	st->bits = 0;
	st->held += !more;
	return hold(c, s, bytes);
}

/* 1: the bytes wait for what comes next. */
__noinline int sp_recognise(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	__u32 best;
	__u8 asks, held, other, upgraded;
	long bytes, alone;

	if (!c || !s || !config)
		return 0;
	bytes = sp_read_first(c, s);
	if (bytes < 0)
		return 0;
	if (looks_like_tls(s)) {
		count(SP_COUNT_ENCRYPTED);
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	}
	best = is_told_by_bytes(c, config) ? sp_guess(c, s, config, bytes) : 0;
	st = &c->stream[s->direction & 1];
	if (!best && is_told_by_bytes(c, config) && st->state == SP_UNSYNCED && (st->bits & SP_FRAME_CARRIED)) {
		/* What was held may have been something else, as a heartbeat. */
		st->bits &= ~SP_FRAME_CARRIED;
		alone = sp_read_first(c, s);
		if (alone < 0 || looks_like_http(s))
			return 0;
		best = sp_guess(c, s, config, alone);
		if (bytes > SP_HELD_BYTES || (best & SP_GUESS_STRONG)) {
			bytes = alone;
		} else {
			best = 0;
			st->bits |= SP_FRAME_CARRIED;
			bytes = sp_read_first(c, s);
			if (bytes < 0)
				return 0;
		}
	}
	if (!best)
		return is_told_by_bytes(c, config) ? sp_hold(c, s, config, bytes) : 0;
	if (st->state == SP_OPAQUE && !((best & SP_GUESS_STARTUP) && (best >> 8 & 0xff) == SP_PROTOCOL_HTTP2))
		return 0;
	upgraded = st->state == SP_OPAQUE;
	held = is_held(st) ? SP_FRAME_CARRIED : 0;
	other = is_held(&c->stream[!s->direction]) ? SP_FRAME_CARRIED : 0;
	asks = s->direction ^ !!(best & SP_GUESS_ANSWER);
	if (!is_wanted(c, config, asks)) {
		/* What could be chance does not say once and for all who asks. */
		if (!(best & SP_GUESS_STRONG) && c->stream[0].held + c->stream[1].held < SP_MOST_HELD) {
			st->held++;
			return 0;
		}
		c->endpoints.unwanted = 1;
		c->endpoints.generation = config->generation;
		return 0;
	}
	unsync(c);
	c->endpoints.protocol = best >> 8;
	c->endpoints.role = asks == SP_EGRESS ? SP_ROLE_CLIENT : SP_ROLE_SERVER;
	st->state = SP_START;
	st->bits = (best & SP_FRAME_STARTUP) | held;
	/* Where the server speaks first, the client's stream begins here as well. */
	if ((best & SP_GUESS_ANSWER) && (best & SP_GUESS_STARTUP)) {
		c->stream[!s->direction].state = SP_START;
		c->stream[!s->direction].bits = SP_FRAME_STARTUP | other;
	}
	/* As does the server's, where the client begins; after an upgrade it may have begun before. */
	if (!upgraded && c->endpoints.protocol == SP_PROTOCOL_HTTP2 && (best & SP_GUESS_STARTUP) && !(best & SP_GUESS_ANSWER)) {
		c->stream[!s->direction].state = SP_START;
		c->stream[!s->direction].bits = other;
	}
	for (int i = 0; i < 2; i++) {
		c->stream[i].batches = 0;
		c->stream[i].phase = 0;
		c->stream[i].within = 0;
	}
	if (c->endpoints.protocol == SP_PROTOCOL_HTTP2)
		__builtin_memset(&c->streams, 0, sizeof(c->streams));
	return 0;
}

/* Before a transfer is followed: does the connection belong to a protocol of frames, by what is known or by how this begins, or might it? */
static __always_inline __u32 protocol_of(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st = &c->stream[s->direction & 1];

	/* What is ciphertext is told apart even where HTTP alone is asked for. What HTTP/1 was left for may be HTTP/2. */
	if (!c->endpoints.protocol && c->endpoints.role == SP_ROLE_NONE &&
	    (st->state == SP_UNSYNCED || is_held(st) || (st->state == SP_OPAQUE && (st->bits & SP_UPGRADED))))
		if (sp_recognise(c, s, config))
			return 1;
	return c->endpoints.protocol;
}
