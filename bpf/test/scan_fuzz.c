// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Any bytes at all: the scanner finds what a plain walk finds, and no reader reads or says anything it should not. */
#include "oracle.h"

static struct scratch scratch;

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	const char *bytes = (const char *)data;
	struct traceparent parsed;
	struct header_rule rule = { .action = SP_RULE_MATCH, .name_len = 7, .value_len = 1, .name = "x-debug", .value = "1" };
	__u32 length = size, split;
	__u64 filter = letter_bit('c') | letter_bit('t') | letter_bit('x');

	if (size < 2 || size > SP_BLOCK)
		return 0;
	split = (data[0] | data[1] << 8) % (length + 1);
	check_scan(&scratch, bytes, split, filter, data[0] & 1);
	check_scan(&scratch, bytes, length, filter, data[0] & 1);
	for (__u32 i = 0; i < scratch.scan.lines && i < SP_LINES; i++) {
		__u32 at = scratch.scan.line[i];
		long number = sp_number(&scratch, at + 15);

		EXPECT(number >= -1);
		EXPECT(sp_line_end(&scratch, at) >= at);
		sp_ends_chunked(&scratch, at);
		sp_traceparent(&scratch, sp_skip_blanks(&scratch, at + 12), &parsed);
		if (at + 12 < length) {
			__u32 value = sp_skip_blanks(&scratch, at + 12);
			const char *end = value < length ? memchr(bytes + value, '\n', length - value) : 0;

			if (end)
				EXPECT(parsed.valid == traceparent_valid(bytes + value, end + 1 - (bytes + value)));
		}
		if (rule_hit(&scratch, at, &rule))
			EXPECT(lower(bytes[at]) == 'x' && bytes[at + 7] == ':');
	}
	method_of(&scratch, length, &split);
	version_before(&scratch, scratch.scan.first_end);
	EXPECT(status_of(&scratch) >= -1 && status_of(&scratch) <= 999);
	EXPECT(!proxy_header(&scratch) || (bytes[0] == '\r' && bytes[11] == '\n' && !is_proxy_line(&scratch)));
	return 0;
}
