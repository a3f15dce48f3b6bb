/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Matches lines with the rules of a policy. */
#pragma once

#include "value.h"

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
		c |= (((__u8)c - 'A' - 26U) & ~((__u8)c - 'A')) >> 31 << 5; /* lower case, without a branch */
		if (c != rule->name[i])
			return 0;
	}
	at += name;
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
