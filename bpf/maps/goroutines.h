/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

struct goroutine_key {
	__u64 goroutine; /* address of its runtime.g */
	__u64 process;
};

/* goroutine → the server request it is answering, as of a thread; `nonblocking` is 0. Written when a request's head is read, cleared when it is answered; deleted as least recently used. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, struct goroutine_key);
	__type(value, struct task_context);
} sp_goroutines SEC(".maps");
