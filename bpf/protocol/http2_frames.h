/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What HTTP/2's frames look like, how a connection is recognised by them, and how many entries a header block puts into the table of its direction. */
#pragma once

enum sp_h2_frame {
	SP_H2_DATA = 0,
	SP_H2_HEADERS,
	SP_H2_PRIORITY,
	SP_H2_RST_STREAM,
	SP_H2_SETTINGS,
	SP_H2_PUSH_PROMISE,
	SP_H2_PING,
	SP_H2_GOAWAY,
	SP_H2_WINDOW_UPDATE,
	SP_H2_CONTINUATION
};

/* Flags of frames. */
#define SP_H2_END_STREAM 1
#define SP_H2_END_HEADERS 4
#define SP_H2_PADDED 8
#define SP_H2_HAS_PRIORITY 0x20

#define SP_H2_HEADER 9
#define SP_H2_PREFACE 24

/* Longest frame that nobody had to agree on. */
#define SP_H2_FRAME_MAX 16384

/* Of a stream's bits: the frame of data that is passing ends its stream. */
#define SP_FRAME_ENDING SP_FRAME_BUILDING

/* Likewise: of the frame of data that is passing, bytes go to the agent. */
#define SP_FRAME_BODY SP_FRAME_ONE_BYTE

static __always_inline __u32 h2_length(const struct scratch *s, __u32 at)
{
	return __builtin_bswap32((__u32)word_at(s, at)) >> 8;
}

static __always_inline __u32 h2_stream(const struct scratch *s, __u32 at)
{
	return __builtin_bswap32((__u32)(word_at(s, at + 1) >> 32));
}

/* Whether a frame can have this header. Strict: as nothing is known of the connection yet. */
static __always_inline int is_h2_header(const struct scratch *s, __u32 at, int strict)
{
	__u32 length = h2_length(s, at), stream = h2_stream(s, at);
	__u8 type = byte_at(s, at + 3), flags = byte_at(s, at + 4);

	if (strict && (type > SP_H2_CONTINUATION || length > SP_H2_FRAME_MAX || stream >> 31))
		return 0;
	stream &= ~(1U << 31);
	switch (type) {
	case SP_H2_DATA:
		return stream && (!strict || !(flags & ~(SP_H2_END_STREAM | SP_H2_PADDED)));
	case SP_H2_HEADERS:
		return stream && (!strict || (length && !(flags & ~(SP_H2_END_STREAM | SP_H2_END_HEADERS | SP_H2_PADDED | SP_H2_HAS_PRIORITY))));
	case SP_H2_CONTINUATION:
		return stream && (!strict || !(flags & ~SP_H2_END_HEADERS));
	case SP_H2_PUSH_PROMISE:
		return stream && length >= 4;
	case SP_H2_PRIORITY:
		return stream && length == 5;
	case SP_H2_RST_STREAM:
		return stream && length == 4;
	case SP_H2_SETTINGS:
		return !stream && length % 6 == 0;
	case SP_H2_PING:
		return !stream && length == 8;
	case SP_H2_GOAWAY:
		return !stream && length >= 8;
	case SP_H2_WINDOW_UPDATE:
		return length == 4;
	default:
		return 1; /* an extension: to be passed over */
	}
}

/* Whether a header block that begins here is a request's: by its first fields that stand in the table that everybody knows. */
static __always_inline int begins_h2_request(const struct scratch *s, __u32 at, __u32 end)
{
	for (int i = 0; i < 7; i++, at++) {
		__u8 c, name;

		if (at >= end || at >= SP_FIRST_BYTES)
			return 0;
		c = byte_at(s, at);
		name = c & 0x80 ? c & 0x7f : c & 0x40 ? c & 0x3f : c & 0x0f;
		if (name >= 1 && name <= 7 && (c >> 5) != 1)
			return 1;
		if (!(c & 0x80) || (name >= 8 && name <= 14) || !name || name == 0x7f)
			return 0;
	}
	return 0;
}

/* What a server begins with: settings that acknowledge none. */
static __always_inline int begins_h2_answers(const struct scratch *s, __u64 total)
{
	__u32 length = h2_length(s, 0), id = __builtin_bswap16((__u16)word_at(s, SP_H2_HEADER));

	return total >= SP_H2_HEADER + 6 && byte_at(s, 3) == SP_H2_SETTINGS && !byte_at(s, 4) && !h2_stream(s, 0) && length && length <= 60 &&
	       length % 6 == 0 && id && id <= 9;
}

/* Whether a connection begins, or goes on, with these bytes. */
static __always_inline int looks_like_http2(const struct scratch *s, __u64 total)
{
	__u32 length = h2_length(s, 0), at = SP_H2_HEADER;
	__u8 flags = byte_at(s, 4);

	if (word_at(s, 0) == SP_WORD("PRI * HT") && word_at(s, 8) == SP_WORD("TP/2.0\r\n"))
		return SP_GUESS_STRONG | SP_GUESS_STARTUP;
	if (begins_h2_answers(s, total))
		return SP_GUESS_STRONG | SP_GUESS_STARTUP | SP_GUESS_ANSWER;
	if (byte_at(s, 3) != SP_H2_HEADERS || !is_h2_header(s, 0, 1) || !(h2_stream(s, 0) & 1))
		return 0;
	if (flags & SP_H2_PADDED)
		at++;
	if (flags & SP_H2_HAS_PRIORITY)
		at += 5;
	if (at >= SP_H2_HEADER + length)
		return 0;
	return begins_h2_request(s, at, SP_H2_HEADER + length < total ? SP_H2_HEADER + length : total) ? SP_GUESS_STRONG : 0;
}

/* Behind the integer at `at` of which the first byte has these bits; its value. Beyond the block: not whole. */
__noinline __u32 sp_h2_integer(struct scratch *s, __u32 mask)
{
	__u32 value, at;
	__u8 c;

	if (!s)
		return 0;
	at = s->fields.at;
	value = byte_at(s, at++) & mask;
	if (value == (mask & 0xff)) {
		c = byte_at(s, at++);
		value += c & 0x7f;
		if (c & 0x80) {
			c = byte_at(s, at++);
			value += (c & 0x7f) << 7;
			if (c & 0x80)
				at = SP_BLOCK_END + 1; /* no string is so long here */
		}
	}
	s->fields.at = at;
	return value;
}

/* One field of a header block. */
static long h2_field(__u64 index, struct walk *w)
{
	struct scratch *s = w->scratch;
	__u8 c;

	if (s->fields.at >= s->fields.end)
		return 1;
	c = byte_at(s, s->fields.at);
	if (c & 0x80) {
		sp_h2_integer(s, 0x7f);
	} else if ((c & 0xe0) == 0x20) {
		sp_h2_integer(s, 0x1f);
	} else {
		if (!sp_h2_integer(s, c & 0x40 ? 0x3f : 0x0f))
			s->fields.at += sp_h2_integer(s, 0x7f);
		s->fields.at += sp_h2_integer(s, 0x7f);
		s->fields.inserted += c >> 6;
	}
	return 0;
}

#define SP_H2_FIELDS 128

/* How many entries the header block in block[at, end) puts into the table of its direction; -1: unknown. */
__noinline long sp_h2_insertions(struct scratch *s, __u32 at, __u32 end)
{
	struct walk w = { .scratch = s };

	if (!s)
		return -1;
	s->fields.at = at;
	s->fields.end = end;
	s->fields.inserted = 0;
	bpf_loop(SP_H2_FIELDS, h2_field, &w, 0);
	return s->fields.at == end ? s->fields.inserted : -1;
}

/* The block of the frame at hand, without what is around it; -1: it is not whole. */
static __always_inline long h2_insertions(struct scratch *s, __u32 at, __u32 have, __u8 flags)
{
	struct frame *f = &s->frame;
	__u32 from = at + SP_H2_HEADER, end = at + have;

	if (f->type == SP_H2_CONTINUATION || have < f->length || !(flags & SP_H2_END_HEADERS))
		return -1;
	if (flags & SP_H2_PADDED)
		end -= (__u8)byte_at(s, from++);
	if (f->type == SP_H2_PUSH_PROMISE)
		from += 4;
	else if (flags & SP_H2_HAS_PRIORITY)
		from += 5;
	return sp_h2_insertions(s, from, end);
}
