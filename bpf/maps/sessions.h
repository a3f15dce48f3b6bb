/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#include "../src/session.h"

/* TLS object of a process → session. Written and read where plaintext passes; deleted when the object is freed or its socket ends, or as least recently used. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct session_key);
	__type(value, struct session);
} sp_sessions SEC(".maps");

/* socket → the session that it carries. Written when that is learnt; deleted with the session. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, __u64);
	__type(value, struct session_key);
} sp_carriers SEC(".maps");

/* thread → the TLS call it is in, and the sockets it used around it. Written by the probes and the socket hooks; dies with the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct tls_call);
} sp_calls SEC(".maps");
