/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Emits and counts exchanges without any socket, so that the data half can be tested and measured by itself. */
#include "stub.bpf.c"

#define HEAD "GET /orders/7?page=2 HTTP/1.1\r\nHost: shop.example:8080\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"

struct record {
	struct exchange_event event;
	char head[sizeof(HEAD) - 1];
	char _pad[(8 - (sizeof(HEAD) - 1) % 8) % 8];
};

struct record next = {
	.event = {
		.header = { .type = SP_EVENT_EXCHANGE, .version = 1, .size = sizeof(struct record) },
		.request_bytes = sizeof(HEAD) - 1,
		.response_bytes = 500,
		.cgroup_id = 77,
		.local_port = 8080,
		.remote_port = 40000,
		.status = 200,
		.head_len = sizeof(HEAD) - 1,
		.protocol = SP_PROTOCOL_HTTP,
		.role = SP_ROLE_SERVER,
		.method = SP_METHOD_GET,
		.minor_version = 1,
		.keep = SP_KEEP_SAMPLED,
		.comm = "emitter",
	},
	.head = HEAD,
};

static void add(__u32 counter)
{
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &counter);

	if (value)
		*value += 1;
}

static long emit(__u32 index, void *unused)
{
	struct requests_key key = { .cgroup_id = 77, .server_port = 8080, .status = 200, .protocol = 1, .role = 1, .method = 1, .end_minor = 1 };
	struct requests_value none = {}, *value;
	__u64 now = bpf_ktime_get_ns();

	next.event.header.ktime_ns = now;
	next.event.pid = EMITTER_PID;
	next.event.tid = EMITTER_PID;
	next.event.request_start_ns = now - 2000000;
	next.event.response_end_ns = now - 1000000;
	next.event.span_id = now;
	__builtin_memcpy(next.event.trace_id, &now, sizeof(now));
	value = bpf_map_lookup_elem(&sp_requests, &key);
	if (!value) {
		bpf_map_update_elem(&sp_requests, &key, &none, BPF_NOEXIST);
		value = bpf_map_lookup_elem(&sp_requests, &key);
	}
	if (value) {
		value->count++;
		value->duration_ns += 1000000;
		value->bucket[0]++;
	}
	add(SP_COUNT_EXCHANGES);
	add(SP_COUNT_KEPT);
	if (bpf_ringbuf_output(&sp_ring, &next, sizeof(next), BPF_RB_NO_WAKEUP))
		add(SP_LOST_RING_FULL);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int sp_emit(void *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 == EMITTER_PID)
		bpf_loop(RECORDS, emit, 0, 0);
	return 0;
}
