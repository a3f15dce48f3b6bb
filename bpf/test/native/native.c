// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Included by a test behind the programs that it runs: the types of kernel.h are theirs. */
#include <stdlib.h>

#include "native.h"

enum { MOST_ENTRIES = 4096, MOST_RANGES = 32, SMALL_HASH = 64 };

struct entry {
	void *map;
	__u32 key_size;
	char key[64];
	char *value;
};

static struct entry entries[MOST_ENTRIES];
static int entry_count;
static struct {
	const char *from;
	__u64 size;
} ranges[MOST_RANGES];
static int range_count;
static __u64 native_clock, native_dice;
static struct {
	char *record;
	__u64 size;
} reserved;

void (*native_record)(const void *record, __u64 size);
__u64 native_longest_loop;

static struct kernfs_node native_node;
static struct cgroup native_cgroup = { .kn = &native_node, .level = 1, .bpf_cgrp_storage = (void *)&native_node };
static struct css_set native_set = { .dfl_cgrp = &native_cgroup };
static struct task_struct native_task = { .cgroups = &native_set };
static struct pt_regs native_regs;

void native_begin(void)
{
	for (int i = 0; i < entry_count; i++)
		free(entries[i].value);
	entry_count = 0;
	range_count = 0;
	native_clock = 1000000;
	native_dice = 88172645463325252ULL;
	native_longest_loop = 0;
	native_task.pid = native_task.tgid = 100;
	native_node.id = 7;
	free(reserved.record);
	reserved.record = 0;
}

void native_user(const void *from, __u64 size)
{
	if (range_count == MOST_RANGES)
		abort();
	ranges[range_count].from = from;
	ranges[range_count++].size = size;
}

void native_no_user(void)
{
	range_count = 0;
}

static int is_array(const struct native_map *map)
{
	return map->type == BPF_MAP_TYPE_ARRAY || map->type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

static struct entry *find(const struct native_map *map, const void *key)
{
	for (int i = 0; i < entry_count; i++)
		if (entries[i].map == map->map && !memcmp(entries[i].key, key, map->key_size))
			return &entries[i];
	return 0;
}

static struct entry *make(const struct native_map *map, const void *key, const void *value)
{
	struct entry *entry;

	if (entry_count == MOST_ENTRIES)
		return 0;
	entry = &entries[entry_count++];
	entry->map = map->map;
	entry->key_size = map->key_size;
	memcpy(entry->key, key, map->key_size);
	/* A block of its own, so that what reaches beyond it is seen. */
	entry->value = calloc(1, map->value_size);
	if (value)
		memcpy(entry->value, value, map->value_size);
	return entry;
}

/* Hashes are kept small: what is full comes about, too. */
static int is_full(const struct native_map *map)
{
	int count = 0;

	if (is_array(map))
		return 0;
	for (int i = 0; i < entry_count; i++)
		count += entries[i].map == map->map;
	return count >= SMALL_HASH;
}

void *native_lookup(const struct native_map *map, const void *key, int create, const void *value)
{
	struct entry *entry;

	if (is_array(map)) {
		if (*(const __u32 *)key >= map->most)
			return 0;
		create = 1;
	}
	entry = find(map, key);
	if (!entry && create)
		entry = make(map, key, value);
	return entry ? entry->value : 0;
}

long native_delete(const struct native_map *map, const void *key)
{
	struct entry *entry = find(map, key);

	if (!entry)
		return -2;
	free(entry->value);
	*entry = entries[--entry_count];
	return 0;
}

long native_update(const struct native_map *map, const void *key, const void *value, __u64 flags)
{
	struct entry *entry = find(map, key);

	if ((entry && flags == BPF_NOEXIST) || (!entry && flags == BPF_EXIST))
		return -17;
	if (entry) {
		memmove(entry->value, value, map->value_size);
		return 0;
	}
	if (is_full(map)) {
		if (map->type != BPF_MAP_TYPE_LRU_HASH)
			return -7;
		for (int i = 0; i < entry_count; i++)
			if (entries[i].map == map->map)
				return native_delete(map, entries[i].key), make(map, key, value) ? 0 : -12;
	}
	return make(map, key, value) ? 0 : -12;
}

long native_each(const struct native_map *map, long (*visit)(void *, void *, void *, void *), void *context)
{
	char keys[SMALL_HASH][64];
	int count = 0;

	for (int i = 0; i < entry_count; i++)
		if (entries[i].map == map->map && count < SMALL_HASH)
			memcpy(keys[count++], entries[i].key, 64);
	for (int i = 0; i < count; i++) {
		struct entry *entry = find(map, keys[i]);

		if (entry && visit(map->map, keys[i], entry->value, context))
			break;
	}
	return count;
}

long native_loop(__u32 times, long (*step)(__u64, void *), void *context)
{
	__u32 i = 0;

	while (i < times && !step(i, context))
		i++;
	if (i > native_longest_loop)
		native_longest_loop = i;
	return i;
}

long native_read_user(void *to, __u32 size, const void *from)
{
	for (int i = 0; i < range_count; i++)
		if ((const char *)from >= ranges[i].from && size <= ranges[i].size &&
		    (const char *)from - ranges[i].from <= (long)(ranges[i].size - size)) {
			memcpy(to, from, size);
			return 0;
		}
	memset(to, 0, size);
	return -14;
}

long native_read_text(void *to, __u32 size, const void *from)
{
	strncpy(to, from, size);
	return size;
}

void *native_reserve(__u64 size)
{
	if (reserved.record)
		abort();
	reserved.size = size;
	reserved.record = malloc(size);
	return reserved.record;
}

void native_submit(void *record)
{
	if (record != reserved.record)
		abort();
	if (native_record)
		native_record(record, reserved.size);
	free(reserved.record);
	reserved.record = 0;
}

void native_output(const void *record, __u64 size)
{
	if (native_record)
		native_record(record, size);
}

struct task_struct *bpf_get_current_task_btf(void)
{
	return &native_task;
}

long bpf_task_pt_regs(struct task_struct *task)
{
	return (long)&native_regs;
}

__u64 bpf_ktime_get_ns(void)
{
	return native_clock += 1000;
}

__u64 bpf_get_current_pid_tgid(void)
{
	return (__u64)native_task.tgid << 32 | (__u32)native_task.pid;
}

__u64 bpf_get_current_cgroup_id(void)
{
	return native_node.id;
}

__u32 bpf_get_prandom_u32(void)
{
	native_dice ^= native_dice << 13;
	native_dice ^= native_dice >> 7;
	native_dice ^= native_dice << 17;
	return native_dice;
}

__u32 bpf_get_smp_processor_id(void)
{
	return 0;
}

long bpf_get_current_comm(void *to, __u32 size)
{
	memset(to, 0, size);
	return 0;
}

void *bpf_rdonly_cast(const void *pointer, __u32 type)
{
	return (void *)pointer;
}

struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgroup, int level)
{
	return cgroup;
}

void bpf_cgroup_release(struct cgroup *cgroup)
{
}

/* Those of the backend whose object this is. */
int (*native_program(__u32 index))(void *)
{
	int (*const programs[SP_PROGRAMS])(void *) = {
		[SP_PROGRAM_FRAMES] = (void *)sp_protocol_frames,
		[SP_PROGRAM_HTTP2] = (void *)sp_protocol_http2,
		[SP_PROGRAM_DATAGRAM] = (void *)sp_protocol_datagram,
		[SP_PROGRAM_HTTP] = (void *)sp_protocol_http,
	};

	return index < SP_PROGRAMS ? programs[index] : 0;
}
