/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* connection → an exchange whose end only the close or silence can tell. Who deletes an entry emits it: the close, or sp_flush. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, __u64);
	__type(value, struct waiting);
} sp_waiting SEC(".maps");

/* Entries, so that a flush of nothing costs nothing. */
__s64 sp_waiting_count;

static __always_inline int put_waiting(__u64 id, const struct scratch *s)
{
	struct scratch *own = own_scratch(s);

	if (!own)
		return -1;
	if (!bpf_map_update_elem(&sp_waiting, &id, &own->waiting, BPF_NOEXIST)) {
		__sync_fetch_and_add(&sp_waiting_count, 1);
		return 0;
	}
	return bpf_map_update_elem(&sp_waiting, &id, &own->waiting, BPF_EXIST);
}

/* 0 for the one who deleted it. */
static __always_inline int delete_waiting(__u64 id)
{
	if (bpf_map_delete_elem(&sp_waiting, &id))
		return -1;
	__sync_fetch_and_add(&sp_waiting_count, -1);
	return 0;
}
