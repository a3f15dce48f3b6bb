/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* rule set index → header_rules. Written by the agent; read once per request of a config that names a set; index 0 is empty. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SP_RULE_SETS);
	__type(key, __u32);
	__type(value, struct header_rules);
} sp_rules SEC(".maps");
