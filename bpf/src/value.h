/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads what stands in header lines. */
#pragma once

#include "word.h"

static __always_inline int is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static __always_inline int is_line_end(char c)
{
	return c == '\r' || c == '\n';
}

/* Offset of a header's value: behind the colon and white space. */
__noinline __u32 sp_skip_blanks(const struct scratch *s, __u32 at)
{
	if (!s)
		return at;
	for (int i = 0; i < 16; i++) {
		if (!is_blank(byte_at(s, at)))
			break;
		at++;
	}
	return at;
}

/* Bytes in which the end of a header line is looked for. */
#define SP_HEADER_LINE 200

/* Offset of the first byte that ends the line at `at`, or of where the search ends. */
__noinline __u32 sp_line_end(const struct scratch *s, __u32 at)
{
	if (!s)
		return at;
	for (int i = 0; i < SP_HEADER_LINE / 8; i++) {
		__u64 word = masked_word_at(s, at), found = newlines_in(word) | bytes_like(word, '\r');

		if (found) {
			at += through_first(found) - 1;
			break;
		}
		at += 8;
	}
	return at < SP_BLOCK_END ? at : SP_BLOCK_END;
}

/* Behind the line at `at`, which ends before `end`. 0: it is not all here. */
static __always_inline __u32 behind_line(const struct scratch *s, __u32 at, __u32 end)
{
	__u32 line = sp_line_end(s, at);

	line += byte_at(s, line) == '\r' ? 2 : 1;
	return line > end || byte_at(s, line - 1) != '\n' ? 0 : line;
}

/* A decimal number alone on the rest of the line; -1: it is none. */
__noinline long sp_number(const struct scratch *s, __u32 at)
{
	long value = 0;
	__u32 begin;

	if (!s)
		return -1;
	if (is_blank(byte_at(s, at)))
		at++;
	if (is_blank(byte_at(s, at)))
		at = sp_skip_blanks(s, at);
	begin = at;
	for (int i = 0; i < 18; i++) {
		__u8 digit;

		digit = byte_at(s, at) - '0';
		if (digit > 9)
			break;
		value = value * 10 + digit;
		at++;
	}
	if (at == begin)
		return -1;
	if (is_blank(byte_at(s, at)))
		at = sp_skip_blanks(s, at);
	if (!is_line_end(byte_at(s, at)))
		return -1;
	return value;
}

/* Whether a Transfer-Encoding value ends in the coding "chunked". */
__noinline int sp_ends_chunked(const struct scratch *s, __u32 at)
{
	if (!s)
		return 0;
	at = sp_line_end(s, at);
	for (int i = 0; i < 8; i++) {
		if (at < 8 || at > SP_BLOCK_END)
			return 0;
		if (!is_blank(byte_at(s, at - 1)))
			break;
		at--;
	}
	return (lower_at(s, at - 8) >> 8) == SP_WORD("chunked");
}

/* Value of a lower-case hexadecimal digit; anything else leaves a bit in *bad. Without branches, which the verifier would multiply. */
static __always_inline __u8 hex_digit(__u8 c, __u8 *bad)
{
	__u8 value = (c & 15) + (c >> 6) * 9;

	*bad |= value >> 4 | (c ^ (__u8)(value + '0' + ((value + 6) >> 4) * 39));
	return value;
}

struct traceparent {
	__u8 trace_id[16];
	__u64 parent_span_id; /* bytes as on the wire */
	__u8 flags;
	__u8 valid;
	__u8 _pad[6];
};

/* W3C trace context level 1: version 00, or a later one that keeps its form. */
__noinline int sp_traceparent(const struct scratch *s, __u32 at, struct traceparent *out)
{
	__u8 bad = 0, version, any = 0, id[8];
	const char *text;

	if (!s || !out)
		return -1;
	out->valid = 0;
	if (at > SP_BLOCK_END)
		return 0;
	SP_CHECKED(at);
	text = &s->block[at];
	version = hex_digit(text[0], &bad) << 4;
	version |= hex_digit(text[1], &bad);
	bad |= text[2] != '-' || text[35] != '-' || text[52] != '-';
	for (int i = 0; i < 16; i++) {
		__u8 byte = hex_digit(text[3 + 2 * i], &bad) << 4;

		byte |= hex_digit(text[4 + 2 * i], &bad);
		out->trace_id[i] = byte;
		any |= byte;
	}
	bad |= !any;
	any = 0;
	for (int i = 0; i < 8; i++) {
		id[i] = hex_digit(text[36 + 2 * i], &bad) << 4;
		id[i] |= hex_digit(text[37 + 2 * i], &bad);
		any |= id[i];
	}
	bad |= !any;
	__builtin_memcpy(&out->parent_span_id, id, 8);
	out->flags = hex_digit(text[53], &bad) << 4;
	out->flags |= hex_digit(text[54], &bad);
	bad |= version == 0xff;
	if (version == 0)
		bad |= !(is_line_end(text[55]) || is_blank(text[55]));
	else
		bad |= !(is_line_end(text[55]) || is_blank(text[55]) || text[55] == '-');
	out->valid = !bad;
	return 0;
}
