/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* Records to the agent. Written by all programs, read through its mapping; the agent sets the size before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 * 1024 * 1024);
} sp_ring SEC(".maps");

/* The agent is woken each time this many more bytes wait (a power of two); otherwise it polls. */
const volatile __u64 sp_wakeup_bytes = 1024 * 1024;

static __always_inline __u64 wakeup_flags(__u64 size)
{
	__u64 waiting = bpf_ringbuf_query(&sp_ring, BPF_RB_AVAIL_DATA);

	return ((waiting + size) ^ waiting) & ~(sp_wakeup_bytes - 1) ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}
