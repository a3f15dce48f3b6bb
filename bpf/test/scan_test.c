// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The header scanner against heads as real clients send them, cut off at every byte, and against cases made by hand. */
#include "oracle.h"

static struct scratch scratch;
static const __u64 filters[] = { 0, 1ULL << ('c' & 63) | 1ULL << ('t' & 63), ~0ULL };

static __u32 read_file(const char *path, char *bytes, __u32 room)
{
	FILE *file = fopen(path, "rb");
	__u32 length;

	EXPECT(file);
	length = fread(bytes, 1, room, file);
	fclose(file);
	return length;
}

/* At every length; and the same from each byte on, as if the rest of a line had come before. */
static void check_corpus(const char *path)
{
	static char bytes[SP_BLOCK];
	__u32 length = read_file(path, bytes, sizeof(bytes));
	__u32 method_length = 0;

	for (unsigned filter = 0; filter < sizeof(filters) / sizeof(*filters); filter++)
		for (__u32 cut = 0; cut <= length; cut++)
			check_scan(&scratch, bytes, cut, filters[filter], 1);
	for (__u32 from = 0; from < length; from++)
		check_scan(&scratch, bytes + from, length - from, filters[1], 0);
	load(&scratch, bytes, length);
	scratch.scan.start_line = 1;
	sp_scan(&scratch);
	EXPECT(scratch.scan.done);
	if (!strncmp(bytes, "HTTP/", 5)) {
		EXPECT(status_of(&scratch) >= 100);
	} else {
		EXPECT(method_of(&scratch, length, &method_length) >= 0);
		EXPECT(bytes[method_length] == ' ');
		EXPECT(version_before(&scratch, scratch.scan.first_end) >= 0);
	}
}

static const char *text(const char *bytes)
{
	load(&scratch, bytes, strlen(bytes));
	return bytes;
}

static void numbers(void)
{
	static const struct {
		const char *line;
		long value;
	} cases[] = {
		{ "0\r\n", 0 },
		{ " 42\r\n", 42 },
		{ "\t42 \t\n", 42 },
		{ "00007\r\n", 7 },
		{ "999999999999999999\r\n", 999999999999999999 },
		{ "9999999999999999999\r\n", -1 },
		{ "\r\n", -1 },
		{ "-1\r\n", -1 },
		{ "+1\r\n", -1 },
		{ "1x\r\n", -1 },
		{ "5, 5\r\n", -1 },
		{ "0x10\r\n", -1 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text(cases[i].line);
		EXPECT(sp_number(&scratch, 0) == cases[i].value);
	}
}

static void codings(void)
{
	static const struct {
		const char *line;
		int chunked;
	} cases[] = {
		{ "Transfer-Encoding: chunked\r\n", 1 },       { "Transfer-Encoding:chunked\n", 1 }, { "Transfer-Encoding: gzip, Chunked \r\n", 1 },
		{ "Transfer-Encoding: chunked, gzip\r\n", 0 }, { "Transfer-Encoding: gzip\r\n", 0 }, { "Transfer-Encoding: \r\n", 0 },
	};

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text(cases[i].line);
		EXPECT(sp_ends_chunked(&scratch, 18) == cases[i].chunked);
	}
}

static void traceparents(void)
{
#define ID "4bf92f3577b34da6a3ce929d0e0e4736"
#define SPAN "00f067aa0ba902b7"
	static const struct {
		const char *line;
		int valid;
	} cases[] = {
		{ "00-" ID "-" SPAN "-01\r\n", 1 },
		{ " 00-" ID "-" SPAN "-00 \r\n", 1 },
		{ "00-" ID "-" SPAN "-01\n", 1 },
		{ "cc-" ID "-" SPAN "-01\r\n", 1 },
		{ "cc-" ID "-" SPAN "-01-what\r\n", 1 },
		{ "00-" ID "-" SPAN "-01-what\r\n", 0 },
		{ "cc-" ID "-" SPAN "-01what\r\n", 0 },
		{ "ff-" ID "-" SPAN "-01\r\n", 0 },
		{ "00-" ID "-" SPAN "-0\r\n", 0 },
		{ "00-" ID "-0000000000000000-01\r\n", 0 },
		{ "00-00000000000000000000000000000000-" SPAN "-01\r\n", 0 },
		{ "00-4BF92F3577B34DA6A3CE929D0E0E4736-" SPAN "-01\r\n", 0 },
		{ "00_" ID "-" SPAN "-01\r\n", 0 },
		{ "00-" ID "-" SPAN "-0g\r\n", 0 },
		{ "\r\n", 0 },
	};
	struct traceparent parsed;
	__u8 span[8] = { 0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7 };

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text(cases[i].line);
		sp_traceparent(&scratch, sp_skip_blanks(&scratch, 0), &parsed);
		EXPECT(parsed.valid == cases[i].valid);
	}
	text(cases[0].line);
	sp_traceparent(&scratch, sp_skip_blanks(&scratch, 0), &parsed);
	EXPECT(parsed.trace_id[0] == 0x4b && parsed.trace_id[15] == 0x36 && parsed.flags == 1);
	EXPECT(!memcmp(&parsed.parent_span_id, span, 8));
}

static void rules(void)
{
	struct header_rule match = { .action = SP_RULE_MATCH, .name_len = 7, .value_len = 1, .name = "x-debug", .value = "1" };
	struct header_rule present = { .action = SP_RULE_PRESENT, .name_len = 2, .name = "b3" };

	text("X-Debug: 1\r\n");
	EXPECT(rule_hit(&scratch, 0, &match));
	text("x-debug:1 \n");
	EXPECT(rule_hit(&scratch, 0, &match));
	text("x-debug: 11\r\n");
	EXPECT(!rule_hit(&scratch, 0, &match));
	text("x-debug: 1 1\r\n");
	EXPECT(!rule_hit(&scratch, 0, &match));
	text("x-debug: \r\n");
	EXPECT(!rule_hit(&scratch, 0, &match));
	text("x-debugs: 1\r\n");
	EXPECT(!rule_hit(&scratch, 0, &match));
	text("B3: whatever\r\n");
	EXPECT(rule_hit(&scratch, 0, &present));
	text("b31: x\r\n");
	EXPECT(!rule_hit(&scratch, 0, &present));
}

static void start_lines(void)
{
	static const struct {
		const char *bytes;
		int method;
	} cases[] = {
		{ "GET / HTTP/1.1\r\n", SP_METHOD_GET },
		{ "QUERY /x HTTP/1.1\r\n", SP_METHOD_QUERY },
		{ "M-SEARCH * HTTP/1.1\r\n", SP_METHOD_OTHER },
		{ "G", SP_METHOD_OTHER },
		{ "get / HTTP/1.1\r\n", -1 },
		{ "HTTP/1.1 200 OK\r\n", -1 },
		{ " GET / HTTP/1.1\r\n", -1 },
		{ "-X / HTTP/1.1\r\n", -1 },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZ / HTTP/1.1\r\n", -1 },
	};
	__u32 length;

	for (unsigned i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		text(cases[i].bytes);
		EXPECT(method_of(&scratch, strlen(cases[i].bytes), &length) == cases[i].method);
	}
	text("GET / HTTP/1.0\n");
	EXPECT(version_before(&scratch, 15) == 0);
	text("GET / HTTP/2.0\r\n");
	EXPECT(version_before(&scratch, 16) == -1);
	text("PRI * HTTP/2.0\r\n");
	EXPECT(version_before(&scratch, 16) == -1);
	text("HTTP/1.1 404 Not Found\r\n");
	EXPECT(status_of(&scratch) == 404);
	text("HTTP/1.1 4x4 Not Found\r\n");
	EXPECT(status_of(&scratch) == -1);
	text("HTTP/2 200\r\n\r\n");
	EXPECT(status_of(&scratch) == -1);
}

/* What a load balancer puts before the first request; anything shorter or else is none of it. */
static void proxies(void)
{
	static const char binary[16] = "\r\n\r\n\0\r\nQUIT\n\x21\x11\x01\x0c";
	char other[16];

	load(&scratch, binary, 16);
	EXPECT(proxy_header(&scratch) == 16 + 0x10c);
	for (int i = 0; i < 12; i++) {
		memcpy(other, binary, 16);
		other[i] ^= 1;
		load(&scratch, other, 16);
		EXPECT(!proxy_header(&scratch));
	}
	memcpy(other, binary, 16);
	memset(&other[14], 0xff, 2);
	load(&scratch, other, 16);
	EXPECT(proxy_header(&scratch) == 16 + 0xffff);
	text("PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n");
	EXPECT(is_proxy_line(&scratch) && !proxy_header(&scratch));
	text("PROXYING / HTTP/1.1\r\n");
	EXPECT(!is_proxy_line(&scratch));
	text("GET / HTTP/1.1\r\n");
	EXPECT(!is_proxy_line(&scratch) && !proxy_header(&scratch));
}

/* More candidates than one scan lists, and more lines than it has steps: it stops early, at a line's start, and goes on from there. */
static void many_lines(void)
{
	static char bytes[SP_BLOCK];
	__u32 at = 0, length = 0, found = 0;

	for (int i = 0; i < 100; i++)
		length += sprintf(bytes + length, "Cookie-%d: %d\r\n", i, i);
	length += sprintf(bytes + length, "Content-Length: 1\r\n\r\n");
	do {
		check_scan(&scratch, bytes + at, length - at, filters[1], 0);
		for (__u32 i = 0; i < scratch.scan.lines; i++)
			found += scratch.scan.line[i] < scratch.scan.next;
		EXPECT(scratch.scan.next);
		at += scratch.scan.next;
	} while (!scratch.scan.done);
	EXPECT(found == 101 && at == length);
	for (length = 0; length + 2 < SP_BLOCK; length += 2)
		memcpy(bytes + length, "x\n", 2);
	bytes[length++] = '\n';
	at = 0;
	do {
		check_scan(&scratch, bytes + at, length - at, filters[1], 0);
		EXPECT(scratch.scan.next);
		at += scratch.scan.next;
	} while (!scratch.scan.done);
	EXPECT(at == length);
}

int main(int count, char **paths)
{
	numbers();
	codings();
	traceparents();
	rules();
	start_lines();
	proxies();
	many_lines();
	for (int i = 1; i < count; i++)
		check_corpus(paths[i]);
	EXPECT(count > 10);
	printf("scan: passed, %d heads cut at every byte\n", count - 1);
	return 0;
}
