/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Bytes of the block at hand, and eight of them at a time. */
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

/* 1 where it is negative, else 0: without a branch, of which the verifier takes both ways in every step of a loop; nor does the compiler see through to one. */
static __always_inline __u64 is_negative(__u64 number)
{
	SP_CHECKED(number);
	return number >> 63;
}

static __always_inline __u64 is_zero(__u64 word)
{
	return is_negative(~word & (word - 1));
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

/* Bit 8 * i + 7 for each of the word's bytes that is this one; above the first one there may be wrong ones. */
static __always_inline __u64 bytes_like(__u64 word, __u8 byte)
{
	word ^= SP_EACH_BYTE * byte;
	return (word - SP_EACH_BYTE) & ~word & (SP_EACH_BYTE * 0x80);
}

static __always_inline __u64 newlines_in(__u64 word)
{
	return bytes_like(word, '\n');
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

/* Whether the 16 bytes at `at`, as far as the transfer of `total` bytes has them, can be of a text. Without comparisons: they are branches, which the verifier would multiply. */
static __always_inline int is_text(const struct scratch *s, __u32 at, __u64 total)
{
	const __u32 blanks = 1U << '\t' | 1U << '\n' | 1U << '\r';
	__u32 controls = 0;

	for (__u32 i = 0; i < 16; i++) {
		__u32 c = (__u8)byte_at(s, at + i);

		controls |= ((c - ' ') >> 31) & ~(blanks >> (c & 31)) & (__u32)((at + i - total) >> 63);
	}
	return !controls;
}
