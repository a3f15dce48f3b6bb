/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the scanner should find, byte by byte and without haste. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <linux/types.h>

#include "parse.h"

#define EXPECT(condition)                                                                        \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                 \
		}                                                                                \
	} while (0)

static void load(struct scratch *s, const char *bytes, __u32 length)
{
	memset(s->block, 'c', sizeof(s->block)); /* what the last head left behind must not matter */
	memcpy(s->block, bytes, length);
	memset(&s->block[length], 0, 16);
	memset(&s->scan, 0, sizeof(s->scan));
	s->scan.length = length;
}

static int is_wanted(__u64 filter, const char *line, size_t length)
{
	static const char *const names[] = { "content-", "transfer", "tracepar" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (length >= 8 && !strncasecmp(line, names[i], 8))
			return 1;
	return (unsigned char)*line > '\r' && filter >> ((*line | 0x20) & 63) & 1;
}

/* Compares what sp_scan found with what a plain walk finds. */
static void check_scan(struct scratch *s, const char *bytes, __u32 length, __u64 filter, int start_line)
{
	__u32 at = 0, lines = 0, first_end = 0, done = 0;

	load(s, bytes, length);
	s->scan.filter = filter;
	s->scan.start_line = start_line;
	sp_scan(s);
	EXPECT(s->scan.next <= length);
	while (at < length) {
		const char *newline = memchr(bytes + at, '\n', length - at);

		if (at == s->scan.next && !s->scan.done && (s->scan.reached < s->scan.length || !newline))
			break;
		if ((at || !start_line) && (bytes[at] == '\n' || (bytes[at] == '\r' && at + 1 < length && bytes[at + 1] == '\n'))) {
			done = 1;
			at += bytes[at] == '\n' ? 1 : 2;
			break;
		}
		EXPECT(newline);
		if (is_wanted(filter, bytes + at, newline + 1 - (bytes + at)) && (at || !start_line)) {
			EXPECT(lines < s->scan.lines);
			EXPECT(s->scan.line[lines] == at);
			lines++;
		}
		at = newline + 1 - bytes;
		if (!first_end)
			first_end = at;
	}
	EXPECT(s->scan.next == at);
	EXPECT(s->scan.done == done);
	EXPECT(s->scan.first_end == first_end);
	/* A candidate whose end is not here may be listed: it lies at or behind `next`. */
	for (__u32 i = lines; i < s->scan.lines; i++)
		EXPECT(s->scan.line[i] >= s->scan.next);
	EXPECT(s->scan.reached == s->scan.length || s->scan.done || s->scan.next > 0 || s->scan.reached > 2000);
}

static inline int lower(int c)
{
	return c >= 'A' && c <= 'Z' ? c | 0x20 : c;
}

static inline int is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* W3C trace context, read off the specification. */
static inline int traceparent_valid(const char *text, size_t length)
{
	size_t end = 0;
	int any;

	while (end < length && text[end] != '\r' && text[end] != '\n' && text[end] != ' ' && text[end] != '\t')
		end++;
	if (end < 55 || text[2] != '-' || text[35] != '-' || text[52] != '-')
		return 0;
	for (int i = 0; i < 55; i++)
		if (i != 2 && i != 35 && i != 52 && !is_hex(text[i]))
			return 0;
	if (text[0] == 'f' && text[1] == 'f')
		return 0;
	if (text[0] == '0' && text[1] == '0' ? end != 55 : end > 55 && text[55] != '-')
		return 0;
	any = 0;
	for (int i = 3; i < 35; i++)
		any |= text[i] != '0';
	if (!any)
		return 0;
	any = 0;
	for (int i = 36; i < 52; i++)
		any |= text[i] != '0';
	return any;
}
