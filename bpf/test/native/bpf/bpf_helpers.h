/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* In place of libbpf's: the kernel's functions for a program that is compiled natively. What it may read, and what it is told, is native.c's. */
#pragma once
#include <stddef.h>
#include <string.h>

#include <linux/types.h>

#define SEC(name)
#define __always_inline inline __attribute__((always_inline))
#define __noinline __attribute__((noinline))
#define __ksym
#define __weak __attribute__((weak))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) __typeof__(value) *name
#define __array(name, value) __typeof__(value) *name[]

struct native_map {
	void *map;
	int type;
	__u32 most, key_size, value_size;
};

#define NATIVE_NUMBER(member) (sizeof(*(member)) / sizeof(int))
#define NATIVE_MAP(m) (&(struct native_map){ (void *)(m), NATIVE_NUMBER((m)->type), 0, sizeof(*(m)->key), sizeof(*(m)->value) })
#define NATIVE_SIZED(m) \
	(&(struct native_map){ (void *)(m), NATIVE_NUMBER((m)->type), NATIVE_NUMBER((m)->max_entries), sizeof(*(m)->key), sizeof(*(m)->value) })

void *native_lookup(const struct native_map *map, const void *key, int create, const void *value);
long native_update(const struct native_map *map, const void *key, const void *value, __u64 flags);
long native_delete(const struct native_map *map, const void *key);
long native_each(const struct native_map *map, long (*visit)(void *, void *, void *, void *), void *context);
long native_loop(__u32 times, long (*step)(__u64, void *), void *context);
long native_read_user(void *to, __u32 size, const void *from);
long native_read_text(void *to, __u32 size, const void *from);
void *native_reserve(__u64 size);
void native_submit(void *record);
void native_output(const void *record, __u64 size);
struct task_struct *bpf_get_current_task_btf(void);
long bpf_task_pt_regs(struct task_struct *task);
__u64 bpf_ktime_get_ns(void);
__u64 bpf_get_current_pid_tgid(void);
__u64 bpf_get_current_cgroup_id(void);
__u32 bpf_get_prandom_u32(void);
__u32 bpf_get_smp_processor_id(void);
long bpf_get_current_comm(void *to, __u32 size);

#define bpf_map_lookup_elem(map, key) native_lookup(NATIVE_SIZED(map), key, 0, 0)
#define bpf_map_update_elem(map, key, value, flags) native_update(NATIVE_SIZED(map), key, value, flags)
#define bpf_map_delete_elem(map, key) native_delete(NATIVE_SIZED(map), key)
#define bpf_for_each_map_elem(map, visit, context, flags) native_each(NATIVE_SIZED(map), (void *)(visit), context)
#define native_storage(map, owner, value, flags) native_lookup(NATIVE_STORED(map), &(void *){ (owner) }, flags, value)
#define NATIVE_STORED(m) (&(struct native_map){ (void *)(m), NATIVE_NUMBER((m)->type), 1 << 20, sizeof(void *), sizeof(*(m)->value) })
#define bpf_sk_storage_get native_storage
#define bpf_task_storage_get native_storage
#define bpf_cgrp_storage_get native_storage
#define bpf_sk_storage_delete(map, owner) native_delete(NATIVE_STORED(map), &(void *){ (owner) })
#define bpf_task_storage_delete(map, owner) native_delete(NATIVE_STORED(map), &(void *){ (owner) })
#define bpf_loop(times, step, context, flags) native_loop(times, (void *)(step), context)
#define bpf_probe_read_user(to, size, from) native_read_user(to, size, from)
#define bpf_probe_read_kernel(to, size, from) (memcpy(to, from, size), 0)
#define bpf_probe_read_kernel_str(to, size, from) native_read_text(to, size, from)
#define bpf_ringbuf_reserve(ring, size, flags) native_reserve(size)
#define bpf_ringbuf_submit(record, flags) native_submit(record)
#define bpf_ringbuf_output(ring, record, size, flags) (native_output(record, size), 0)
#define bpf_ringbuf_query(ring, what) 0
/* Like the kernel's it does not come back. What the agent puts into the table is known by name. */
int (*native_program(__u32 index))(void *);
#define bpf_tail_call(context, programs, index)                 \
	do {                                                    \
		int (*program)(void *) = native_program(index); \
		if (program)                                    \
			return program(context);                \
	} while (0)
