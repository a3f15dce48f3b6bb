/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* cgroup → trace_config. Written by the agent, copied by sp_cgroup_mkdir; read on every transfer; dies with the cgroup. */
#ifdef SP_BACKEND_SOCKLEN
struct {
	__uint(type, SP_MAP_CGRP_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct trace_config);
} sp_config SEC(".maps");
#else
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct trace_config);
} sp_config SEC(".maps");
#endif
