/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lines of words and numbers, as text protocols frame themselves by. */
#pragma once

#include "word.h"

/* A line is looked for in so many bytes. */
#define SP_LINE_BYTES 320

/* So many bytes of a line wait for its rest. */
#define SP_LINE_CARRIED 250

/* Behind the line feed of the line at `at`, which ends before `end`. 0: it is not all here, or too long. */
__noinline __u32 sp_behind_line_feed(const struct scratch *s, __u32 at, __u32 end)
{
	if (!s)
		return 0;
	for (int i = 0; i < SP_LINE_BYTES / 8; i++) {
		__u64 found = newlines_in(masked_word_at(s, at));

		if (found) {
			at += through_first(found);
			return at > end ? 0 : at;
		}
		at += 8;
	}
	return 0;
}

static long next_letter(__u64 index, struct walk *w)
{
	struct words *words = &w->scratch->words;
	__u8 c = masked_word_at(w->scratch, words->at++), digit = c - '0';

	if (c > ' ') {
		words->length++;
		words->last = c;
		if (words->word > words->wanted)
			return 0;
		words->bad |= digit > 9;
		words->number = words->number * 10 + digit;
		return 0;
	}
	if (words->length == 1 && words->word > 1)
		words->flags |= letter_bit(words->last);
	if (c < ' ')
		return 1;
	if (words->word < words->wanted) {
		words->number = 0;
		words->bad = 0;
	}
	words->word++;
	words->length = 0;
	return 0;
}

/*
 * Reads the words of the line at `at`, with one blank between them, into s->words: the number that is word `wanted`, from 0, or the last one if there are fewer, and
 * which single letters there are from word 2 on. A loop of the kernel, for the verifier would multiply the ways through it. Answers the number; -1: it is none.
 */
__noinline long sp_read_words(struct scratch *s, __u32 at, __u32 wanted)
{
	struct walk w = { .scratch = s };

	if (!s)
		return -1;
	__builtin_memset(&s->words, 0, sizeof(s->words));
	s->words.at = at;
	s->words.wanted = wanted;
	bpf_loop(SP_LINE_BYTES, next_letter, &w, 0);
	return s->words.bad || !s->words.word ? -1 : (long)s->words.number;
}
