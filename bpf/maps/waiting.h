/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* connection → an exchange whose end only the close or silence can tell. Who deletes an entry emits it: the close, or sp_flush. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct waiting);
} sp_waiting SEC(".maps");
