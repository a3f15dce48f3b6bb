/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds lines in a block of a header, and reads what stands in them. Pure: also compiled natively for tests and fuzzing. */
#pragma once

#include "scratch.h"

#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __always_inline
#define __always_inline inline __attribute__((always_inline))
#endif

#define SP_EACH_BYTE 0x0101010101010101ULL
#define SP_LOWER 0x2020202020202020ULL
typedef __u64 __attribute__((may_alias)) unaligned_u64;
#define SP_BLOCK_END (SP_CARRY_BYTES + SP_BLOCK)
/* A power of two above it: an index masked with this is within the scratch memory, of which the block is not the last part. */
#define SP_BLOCK_MASK 8191
/* Iterations of one scan; a block of shorter lines than this allows is continued by the next step. */
#define SP_SCAN_STEPS 256

/*
 * Keeps the compiler from moving what follows before the bounds check that the verifier wants to see; before the check, from leaving it out because of what
 * it knows and the verifiers before 6.13 do not.
 */
#define SP_CHECKED(index) asm volatile("" : "+r"(index))

/* Beyond the block: a line end. */
static __always_inline char byte_at(const struct scratch *s, __u32 at)
{
	SP_CHECKED(at);
	if (at >= SP_BLOCK_END)
		return '\n';
	SP_CHECKED(at);
	return s->block[at];
}

/* One load: from memcpy clang would make eight of a byte each. */
static __always_inline __u64 load_word(const char *at)
{
	return *(const unaligned_u64 *)at;
}

static __always_inline __u64 word_at(const struct scratch *s, __u32 at)
{
	SP_CHECKED(at);
	if (at > SP_BLOCK_END)
		return 0;
	SP_CHECKED(at);
	return load_word(&s->block[at]);
}

static __always_inline __u64 lower_at(const struct scratch *s, __u32 at)
{
	return word_at(s, at) | SP_LOWER;
}

static __always_inline __u64 letter_bit(__u64 letter)
{
	return 1ULL << ((letter | 0x20) & 63);
}

/* Up to 8 characters as a word, as they stand in memory, lower case. */
#define SP_WORD(text) sp_word(text, sizeof(text) - 1)
static __always_inline __u64 sp_word(const char *text, int length)
{
	__u64 word = 0;

	for (int i = 0; i < 8; i++)
		if (i < length)
			word |= (__u64)(__u8)text[i] << (8 * i);
	return word;
}

static __always_inline __u64 first_bytes(__u64 word, int count)
{
	return count >= 8 ? word : word & ((1ULL << (8 * count)) - 1);
}

/* Kept in memory, where the verifier does not follow it and so need not tell turns of a loop apart. */
#define SP_UNTRACKED(variable) (*(volatile __typeof__(variable) *)&(variable))

/* Bit 8 * i + 7 for each of the word's bytes that is a line feed; above the first one there may be wrong ones. */
static __always_inline __u64 newlines_in(__u64 word)
{
	word ^= SP_EACH_BYTE * '\n';
	return (word - SP_EACH_BYTE) & ~word & (SP_EACH_BYTE * 0x80);
}

/* Bytes up to and with the first line feed. */
static __always_inline __u32 through_first(__u64 newlines)
{
	return (((newlines - 1) & ~newlines & SP_EACH_BYTE) * SP_EACH_BYTE) >> 56;
}

/* The word at any place: what lies behind the block is in the same memory. */
static __always_inline __u64 masked_word_at(const struct scratch *s, __u32 at)
{
	at &= SP_BLOCK_MASK;
	SP_CHECKED(at);
	return load_word(&s->block[at]);
}

/* Whether a line that begins like this may matter: what is looked for in every head, and what the rules ask for. */
static __always_inline int is_candidate(__u64 word, __u64 filter)
{
	word |= SP_LOWER;
	return word == SP_WORD("content-") || word == SP_WORD("transfer") || word == SP_WORD("tracepar") || (filter >> (word & 63) & 1);
}

/* A line begins at `at`. 1: the scan is over, with the head's empty line or with no room for another candidate. */
static __always_inline int line_begins(struct scratch *s, __u32 at, __u64 filter)
{
	__u64 word = masked_word_at(s, at);
	__u32 line, empty = (word & 0xff) == '\n' ? 1 : (word & 0xffff) == 0x0a0d ? 2 : 0;

	if (empty && at + empty <= SP_UNTRACKED(s->scan.length)) {
		SP_UNTRACKED(s->scan.done) = 1;
		SP_UNTRACKED(s->scan.next) = at + empty;
		return 1;
	}
	if (!is_candidate(word, filter))
		return 0;
	line = SP_UNTRACKED(s->scan.lines);
	if (line >= SP_LINES) {
		SP_UNTRACKED(s->scan.reached) = at;
		return 1;
	}
	s->scan.line[line] = at;
	SP_UNTRACKED(s->scan.lines) = line + 1;
	return 0;
}

/*
 * Whole lines of block[0, scan.length), or as many as one scan can hold (up to `reached`): the end of the head, and where lines begin that may matter.
 * Eight bytes at a time, up to a line feed that it puts behind the last byte.
 */
static __always_inline int scan_lines(struct scratch *s, int steps)
{
	__u32 at, length;
	__u64 filter;

	length = s->scan.length;
	if (length > SP_BLOCK_END)
		return -1;
	s->block[length] = '\n';
	filter = s->scan.filter;
	s->scan.lines = 0;
	s->scan.done = 0;
	s->scan.first_end = 0;
	s->scan.next = 0;
	s->scan.reached = length;
	at = SP_UNTRACKED(s->scan.zero);
	if (!s->scan.start_line && !s->scan.inside && line_begins(s, at, filter))
		return 0;
	for (int n = 0; n < steps; n++) {
		__u64 newlines = newlines_in(masked_word_at(s, at));

		if (!newlines) {
			at += 8;
			continue;
		}
		at += through_first(newlines) + SP_UNTRACKED(s->scan.zero);
		if (at > SP_UNTRACKED(s->scan.length)) /* the line feed behind the last byte */
			return 0;
		if (!SP_UNTRACKED(s->scan.first_end))
			SP_UNTRACKED(s->scan.first_end) = at;
		SP_UNTRACKED(s->scan.next) = at;
		if (line_begins(s, at, filter))
			return 0;
	}
	if (at < SP_UNTRACKED(s->scan.length))
		s->scan.reached = at;
	return 0;
}

/* Not inlined where it is not on the short way: each copy is verified for itself. */
__noinline int sp_scan(struct scratch *s)
{
	return s ? scan_lines(s, SP_SCAN_STEPS) : -1;
}

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

/* Offset of the first byte that ends the line at `at`, or of where the search ends. */
__noinline __u32 sp_line_end(const struct scratch *s, __u32 at)
{
	if (!s)
		return at;
	for (int i = 0; i < 200; i++) {
		if (is_line_end(byte_at(s, at)))
			break;
		at++;
	}
	return at;
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

/* Offset behind the rule's header name and colon; 0: another header. Names in any case. */
__noinline __u32 sp_rule_name(const struct scratch *s, __u32 at, const struct header_rule *rule)
{
	__u32 name;

	if (!s || !rule)
		return 0;
	name = rule->name_len;
	for (int i = 0; i < SP_RULE_NAME; i++) {
		char c;

		if (i >= name)
			break;
		SP_CHECKED(i);
		c = byte_at(s, at + i);
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		if (c != rule->name[i])
			return 0;
	}
	at += name;
	return byte_at(s, at) == ':' ? at + 1 : 0;
}

/* Offset behind the rule's value, if that is, exactly, what stands at `at`; 0: it is not. */
__noinline __u32 sp_rule_value(const struct scratch *s, __u32 at, const struct header_rule *rule)
{
	__u32 value;

	if (!s || !rule)
		return 0;
	value = rule->value_len;
	for (int i = 0; i < SP_RULE_VALUE; i++) {
		if (i >= value)
			break;
		SP_CHECKED(i);
		if (byte_at(s, at + i) != rule->value[i])
			return 0;
	}
	return at + value;
}

/* Whether the line at `at` is the rule's header with its value. */
static __always_inline int rule_hit(const struct scratch *s, __u32 at, const struct header_rule *rule)
{
	at = sp_rule_name(s, at, rule);
	if (!at)
		return 0;
	if (!rule->value_len)
		return 1;
	at = sp_rule_value(s, sp_skip_blanks(s, at), rule);
	return at && is_line_end(byte_at(s, sp_skip_blanks(s, at)));
}

/* The method of a request line, and in *length the length of its token; -1: no request line begins like this. `have` bytes are there. */
static __always_inline int method_of(const struct scratch *s, __u32 have, __u32 *length)
{
	__u64 word = word_at(s, 0);

#define SP_IS(text, id)                                             \
	if (first_bytes(word, sizeof(text) - 1) == SP_WORD(text)) { \
		*length = sizeof(text) - 2;                         \
		return id;                                          \
	}
	SP_IS("GET ", SP_METHOD_GET)
	SP_IS("POST ", SP_METHOD_POST)
	SP_IS("HEAD ", SP_METHOD_HEAD)
	SP_IS("PUT ", SP_METHOD_PUT)
	SP_IS("DELETE ", SP_METHOD_DELETE)
	SP_IS("OPTIONS ", SP_METHOD_OPTIONS)
	SP_IS("PATCH ", SP_METHOD_PATCH)
	SP_IS("CONNECT ", SP_METHOD_CONNECT)
	SP_IS("TRACE ", SP_METHOD_TRACE)
	SP_IS("QUERY ", SP_METHOD_QUERY)
#undef SP_IS
	for (__u32 i = 0; i < 24; i++) {
		char c = s->block[i];

		if (i >= have) {
			*length = i;
			return SP_METHOD_OTHER; /* so far */
		}
		if (c == ' ' && i) {
			*length = i;
			return SP_METHOD_OTHER;
		}
		if (!((c >= 'A' && c <= 'Z') || (c == '-' && i)))
			return -1;
	}
	return -1;
}

/* Minor version of the HTTP/1.x that ends the line before `end`; -1: it does not. */
static __always_inline int version_before(const struct scratch *s, __u32 end)
{
	__u64 word;

	if (end < 12)
		return -1;
	end -= byte_at(s, end - 2) == '\r' ? 2 : 1;
	word = word_at(s, end - 8);
	if (first_bytes(word, 7) != SP_WORD("HTTP/1.") || byte_at(s, end - 9) != ' ')
		return -1;
	word >>= 56;
	return word == '0' || word == '1' ? (int)word - '0' : -1;
}

/* Status of a status line; -1: it is none. */
static __always_inline int status_of(const struct scratch *s)
{
	int hundreds = s->block[9] - '0', tens = s->block[10] - '0', ones = s->block[11] - '0';

	if (first_bytes(word_at(s, 0), 7) != SP_WORD("HTTP/1.") || s->block[8] != ' ')
		return -1;
	if (hundreds < 1 || hundreds > 9 || tens < 0 || tens > 9 || ones < 0 || ones > 9)
		return -1;
	return hundreds * 100 + tens * 10 + ones;
}

/* The PROXY protocol's line, which a load balancer puts before the first request. */
static __always_inline int is_proxy_line(const struct scratch *s)
{
	return first_bytes(word_at(s, 0), 6) == SP_WORD("PROXY ");
}

/* Length of its binary form (version 2) at the block's start; 0: there is none. */
static __always_inline __u32 proxy_header(const struct scratch *s)
{
	if (word_at(s, 0) != SP_WORD("\r\n\r\n\0\r\nQ") || first_bytes(word_at(s, 8), 4) != SP_WORD("UIT\n"))
		return 0;
	return 16 + ((__u8)s->block[14] << 8 | (__u8)s->block[15]);
}
