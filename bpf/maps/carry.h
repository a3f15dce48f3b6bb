/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* connection and direction → the first part of a header line that was split between transfers. Dies with the line's end, or as least recently used. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct carry_key);
	__type(value, struct carry);
} sp_carry SEC(".maps");
