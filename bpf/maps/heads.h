/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* connection and serial → a request head longer than the conn's prefix, where the policy captures more. Dies with the exchange, or as least recently used. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct pipeline_key);
	__type(value, struct head);
} sp_heads SEC(".maps");
