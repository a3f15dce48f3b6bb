/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/*
 * stream of HTTP/2 → how much of its bodies went to the agent. Made and read by the data path, for streams with a request of data where a policy names what bodies say. Dies as least
 * recently used: of a stream that is found anew the agent takes what follows what it has, and that would not.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct stream_key);
	__type(value, struct stream_bodies);
} sp_bodies SEC(".maps");
