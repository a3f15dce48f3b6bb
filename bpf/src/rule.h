/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Matches lines with the rules of a policy. */
#pragma once

#include "value.h"

/* Letters of the word in lower case, all else as it is. */
static __always_inline __u64 in_lower_case(__u64 word)
{
	const __u64 high = SP_EACH_BYTE * 0x80;
	__u64 low = word & ~high;
	__u64 from_a = low + SP_EACH_BYTE * (0x80 - 'A'), behind_z = low + SP_EACH_BYTE * (0x7f - 'Z');

	return word | (((from_a ^ behind_z) & ~word & high) >> 2);
}

/* Offset behind the rule's header name and colon; 0: another header. Names in any case. */
__noinline __u32 sp_rule_name(const struct scratch *s, __u32 at, const struct header_rule *rule)
{
	if (!s || !rule)
		return 0;
	for (__u32 i = 0; i < SP_RULE_NAME; i += 8) {
		__u32 left = SP_UNTRACKED(rule->name_len) - i;

		if ((int)left <= 0)
			break;
		if (first_bytes(in_lower_case(masked_word_at(s, at + i)) ^ load_word(&rule->name[i]), left))
			return 0;
	}
	at += rule->name_len;
	return byte_at(s, at) == ':' ? at + 1 : 0;
}

/* Offset behind the rule's value, if that is, exactly, what stands at `at`; 0: it is not. */
__noinline __u32 sp_rule_value(const struct scratch *s, __u32 at, const struct header_rule *rule)
{
	if (!s || !rule)
		return 0;
	for (__u32 i = 0; i < SP_RULE_VALUE; i += 8) {
		__u32 left = SP_UNTRACKED(rule->value_len) - i;

		if ((int)left <= 0)
			break;
		if (first_bytes(masked_word_at(s, at + i) ^ load_word(&rule->value[i]), left))
			return 0;
	}
	return at + rule->value_len;
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
