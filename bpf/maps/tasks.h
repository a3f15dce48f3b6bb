/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* thread → the server request it is answering. Written when a request's head is read, cleared when it is answered; dies with the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_context);
} sp_tasks SEC(".maps");

/* thread id, folded → when another thread, or a close, last finished a request of one of these: older contexts no longer hold. Written by the data path. */
#define SP_VOIDS 8192
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SP_VOIDS);
	__type(key, __u32);
	__type(value, __u64);
} sp_void SEC(".maps");
