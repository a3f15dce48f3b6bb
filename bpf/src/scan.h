/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the lines of a head in the block at hand. */
#pragma once

#include "word.h"

/* Steps of one turn of a scan, of 16 bytes or to the end of a line: verified for itself, so few. And turns; a block of shorter lines than they allow is continued by the next step. */
#define SP_SCAN_STEPS 8
#define SP_SCAN_TURNS 32

/* Whether a line is one of those that are looked for in every head, by its first bytes. */
static __always_inline __u64 is_always_read(__u64 word)
{
	word |= SP_LOWER;
	return is_zero(word ^ SP_WORD("content-")) | is_zero(word ^ SP_WORD("transfer")) | is_zero(word ^ SP_WORD("tracepar"));
}

/* First letters of those. */
#define SP_SCAN_ALWAYS (letter_bit('c') | letter_bit('t'))

/* A line begins at `at`. 1: the scan is over, with the head's empty line or with no room for another candidate. */
static __always_inline int line_begins(struct scratch *s, __u32 at, __u64 filter)
{
	__u64 word = masked_word_at(s, at), letter = (word | 0x20) & 63;
	__u32 line;

	if ((word & 0xff) <= '\r') {
		__u64 feed = is_zero((word & 0xff) ^ '\n'), after = at + 2 - feed;

		if (!((feed | is_zero((word & 0xffff) ^ 0x0a0d)) & ~is_negative(SP_UNTRACKED(s->scan.length) - after)))
			return 0;
		SP_UNTRACKED(s->scan.done) = 1;
		SP_UNTRACKED(s->scan.next) = after;
		return 1;
	}
	if (!((filter | SP_SCAN_ALWAYS) >> letter & 1))
		return 0; /* as most are */
	if (!((filter >> letter & 1) | is_always_read(word)))
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

static __always_inline void begin_scan(struct scratch *s, __u32 length)
{
	s->block[length] = '\n';
	s->scan.length = length;
	s->scan.lines = 0;
	s->scan.done = 0;
	s->scan.first_end = 0;
	s->scan.next = 0;
	s->scan.at = 0;
	s->scan.reached = length;
}

/* Bytes up to and with the first line feed of the 16 at `at`; 0: there is none. */
static __always_inline __u32 through_line_feed(const struct scratch *s, __u32 at)
{
	__u64 first, second;

	at &= SP_BLOCK_MASK;
	SP_CHECKED(at);
	first = newlines_in(load_word(&s->block[at]));
	second = newlines_in(load_word(&s->block[at + 8])) & -is_zero(first);
	if (!(first | second))
		return 0;
	return through_first(first | second) + 8 * is_zero(first);
}

/* The scan goes on from `at`, up to the line feed that was put behind the last byte. 1: it is over. Inlined on the short way, where a call would be felt. */
static __always_inline int scan_on(struct scratch *s, __u32 at, int steps)
{
	__u64 filter = s->scan.filter;

	for (int n = 0; n < steps; n++) {
		__u32 bytes = through_line_feed(s, at), first_end;

		if (!bytes) {
			at += 16;
			continue;
		}
		at += bytes + SP_UNTRACKED(s->scan.zero);
		if (at > SP_UNTRACKED(s->scan.length)) /* the line feed behind the last byte */
			return 1;
		first_end = SP_UNTRACKED(s->scan.first_end);
		SP_UNTRACKED(s->scan.first_end) = first_end | (at & (((first_end | -first_end) >> 31) - 1)); /* if it is 0 */
		SP_UNTRACKED(s->scan.next) = at;
		if (line_begins(s, at, filter))
			return 1;
	}
	s->scan.at = at;
	return 0;
}

/* From scan.at. */
__noinline int sp_scan_on(struct scratch *s)
{
	return s ? scan_on(s, s->scan.at, SP_SCAN_STEPS) : 1;
}

/* Whole lines of block[0, scan.length), or as many as one scan can hold (up to `reached`): the end of the head, and where lines begin that may matter. */
__noinline int sp_scan(struct scratch *s)
{
	__u32 length;

	if (!s)
		return -1;
	length = s->scan.length;
	if (length > SP_BLOCK_END)
		return -1;
	begin_scan(s, length);
	if (!s->scan.start_line && !s->scan.inside && line_begins(s, SP_UNTRACKED(s->scan.zero), s->scan.filter))
		return 0;
	for (int turn = 0; turn < SP_SCAN_TURNS; turn++)
		if (sp_scan_on(s))
			return 0;
	if (s->scan.at < length)
		s->scan.reached = s->scan.at;
	return 0;
}
