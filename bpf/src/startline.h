/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Reads the first lines of requests and responses, and what may stand before them. */
#pragma once

#include "word.h"

/* Length of a method that is not among the known ones, as far as it is here; 0: none begins like this. Not inlined, for its loop. */
__noinline __u32 sp_other_method(const struct scratch *s, __u32 have)
{
	if (!s)
		return 0;
	if (s->block[0] == '-')
		return 0;
	for (__u32 i = 0; i < 24; i++) {
		__u64 c = (__u8)s->block[i];

		if (i >= have || c == ' ')
			return i; /* in the first case: so far */
		if (!(is_negative((__u8)(c - 'A') - 26ULL) | is_zero(c ^ '-')))
			return 0;
	}
	return 0;
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
	*length = sp_other_method(s, have);
	return *length ? SP_METHOD_OTHER : -1;
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
