/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "goroutines.h"

/* What a goroutine handed over to the one that writes on a connection. */
struct handed {
	struct goroutine_key by;
	__u64 span_id; /* of the server request that it was answering */
};

/* socket → the goroutine that its next request is made for. Written where net/http hands a request over; deleted when it is sent, or as least recently used. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, __u64);
	__type(value, struct handed);
} sp_handed SEC(".maps");
