/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* enum sp_counter → count. Written by all programs; read by the agent. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SP_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} sp_counters SEC(".maps");

static __always_inline void count_many(enum sp_counter reason, __u64 many)
{
	__u32 key = reason;
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &key);

	if (value)
		*value += many;
}

/* Out of line: each look-up in a program makes its loading longer, and most of what is counted is rare. */
__noinline int sp_count(__u32 reason)
{
	count_many(reason, 1);
	return 0;
}

static __always_inline void count(enum sp_counter reason)
{
	sp_count(reason);
}
