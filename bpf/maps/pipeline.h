/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* connection and serial → a request behind the open one. Written when it begins, taken when the one before it is answered. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct pipeline_key);
	__type(value, struct exchange);
} sp_pipeline SEC(".maps");
