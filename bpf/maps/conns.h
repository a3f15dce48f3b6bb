/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* socket → conn. Written and read by the data path; dies with the socket (the hash: likewise, or as least recently used). */
#ifdef SP_BACKEND_SOCKLEN
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct conn);
} sp_conns SEC(".maps");
#else
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, __u64);
	__type(value, struct conn);
} sp_conns SEC(".maps");
#endif
