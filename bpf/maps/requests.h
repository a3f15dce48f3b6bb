/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* requests_key → exact counts of every exchange. Written by the data path; read by the agent, which removes those of dead cgroups. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 4096);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, struct requests_key);
	__type(value, struct requests_value);
} sp_requests SEC(".maps");
