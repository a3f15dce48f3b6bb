/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A small object with one of everything that the library's tests touch. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

enum sample_enum { SAMPLE_A = 1, SAMPLE_B = 70 };

struct sample_value {
	__u64 count;
	__u32 small;
	__u8 bytes[12];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} t_ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, __u64);
	__type(value, struct sample_value);
} t_hash SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} t_percpu SEC(".maps");

const volatile __u32 answer = 1;
const volatile enum sample_enum unused_enum = SAMPLE_A;

struct emit {
	__u64 first;
	__u32 count;
	__u32 length;
};

/* Writes `count` records of 8 + `length` bytes; every third is discarded. Returns how many were written. */
SEC("syscall")
int t_emit(struct emit *ctx)
{
	__u32 written = 0;

	for (int i = 0; i < 64; i++) {
		if (i >= ctx->count)
			break;
		__u64 *record = ctx->length == 16 ? bpf_ringbuf_reserve(&t_ring, 24, 0) : NULL;

		if (!record)
			continue;
		record[0] = ctx->first + i;
		record[1] = ~(ctx->first + i);
		record[2] = i;
		if (i % 3 == 2) {
			bpf_ringbuf_discard(record, 0);
			continue;
		}
		bpf_ringbuf_submit(record, 0);
		written++;
	}
	return written;
}

SEC("syscall")
int t_answer(void *ctx)
{
	return answer;
}

SEC("tp_btf/cgroup_mkdir")
int t_mkdir(void *ctx)
{
	__u64 key = 1;
	struct sample_value *value = bpf_map_lookup_elem(&t_hash, &key);

	if (value)
		__sync_fetch_and_add(&value->count, 1);
	return 0;
}

/* Cookie of a uprobe → hits. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 512);
	__type(key, __u32);
	__type(value, __u64);
} t_hits SEC(".maps");

SEC("uprobe")
int t_hit(void *ctx)
{
	__u32 key = bpf_get_attach_cookie(ctx);
	__u64 *hits = bpf_map_lookup_elem(&t_hits, &key);

	if (hits)
		__sync_fetch_and_add(hits, 1);
	return 0;
}

/* The verifier refuses it: the pointer is not checked. */
SEC("tp_btf/cgroup_mkdir")
int t_refused(void *ctx)
{
	__u64 key = 1;
	struct sample_value *value = bpf_map_lookup_elem(&t_hash, &key);

	return value->count;
}

char LICENSE[] SEC("license") = "GPL";
