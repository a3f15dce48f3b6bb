/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* thread → the server request it is answering. Written when a request's head is read, cleared when it is answered; dies with the thread. */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct task_context);
} sp_tasks SEC(".maps");

/* thread id, or span id of a goroutine's request, folded → when somebody else, or a close, last finished a request of one of these: older contexts no longer hold. Written by the data path. */
#define SP_VOIDS 8192
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SP_VOIDS);
	__type(key, __u32);
	__type(value, __u64);
} sp_void SEC(".maps");

static __always_inline __u64 *void_time(__u32 key)
{
	__u32 index = key & (SP_VOIDS - 1);

	return bpf_map_lookup_elem(&sp_void, &index);
}

/* Whether somebody else may have finished the request that a context is of: of thread `key`, or of a goroutine whose request's span it is. */
static __always_inline int is_void(__u64 since, __u32 key)
{
	__u64 *at = void_time(key);

	return !at || *at >= since;
}
