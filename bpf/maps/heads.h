/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#define SP_HEADS 1024

/* A request has a choice of so many places. */
#define SP_HEAD_PLACES 4

/* An exchange that nobody ended may be pushed out of its place when it is so old. */
#define SP_HEAD_KEPT 60000000000LL

/*
 * place → a request head longer than the exchange's prefix, where it is captured. Taken, and given back when its exchange ends, by the data path. An array, as a hash
 * fills a value of this size anew for each, and the record is made where the head is.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SP_HEADS);
	__type(key, __u32);
	__type(value, struct head);
} sp_heads SEC(".maps");

static __always_inline struct head *head_at(__u64 id, __u32 serial, __u32 place)
{
	__u32 key = (((id + ((__u64)serial << 40)) * 0x9e3779b97f4a7c15ULL) >> 54) + serial + place;

	key &= SP_HEADS - 1;
	return bpf_map_lookup_elem(&sp_heads, &key);
}

/* That of this request; 0: it has none. */
static __always_inline struct head *head_of(__u64 id, __u32 serial)
{
	for (int i = 0; i < SP_HEAD_PLACES; i++) {
		struct head *head = head_at(id, serial, i);

		if (head && head->id == id && head->serial == serial)
			return head;
	}
	return 0;
}

/* A place for one; 0: all are taken. */
static __always_inline struct head *take_head(__u64 id, __u32 serial, __u64 now)
{
	for (int i = 0; i < SP_HEAD_PLACES; i++) {
		struct head *head = head_at(id, serial, i);
		__u64 taken;

		if (!head)
			return 0;
		taken = head->taken_ns;
		if (taken && (__s64)(now - taken) < SP_HEAD_KEPT)
			continue;
		if (__sync_val_compare_and_swap(&head->taken_ns, taken, now) != taken)
			continue;
		head->id = id;
		head->serial = serial;
		return head;
	}
	return 0;
}

/* The exchange is over. */
__noinline int sp_give_head_back(__u64 id, __u64 serial)
{
	struct head *head = head_of(id, serial);

	if (!head)
		return 0;
	head->id = 0;
	__sync_lock_test_and_set(&head->taken_ns, 0);
	return 0;
}
