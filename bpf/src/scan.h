/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the lines of a head in the block at hand. */
#pragma once

#include "word.h"

/* Iterations of one scan; a block of shorter lines than this allows is continued by the next step. */
#define SP_SCAN_STEPS 256

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
