/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The maps and program names of the real objects, with nothing behind them: the control half can be tested without tracing. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <spandrel/config.h>
#include <spandrel/event.h>

#ifndef RING_BYTES
#define RING_BYTES 4096
#endif

struct {
#ifdef SOCKLEN
	__uint(type, 32); /* BPF_MAP_TYPE_CGRP_STORAGE, newer than the system's headers */
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
#else
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u64);
#endif
	__type(value, struct trace_config);
} sp_config SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, SP_RULE_SETS);
	__type(key, __u32);
	__type(value, struct header_rules);
} sp_rules SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 64);
	__type(key, struct requests_key);
	__type(value, struct requests_value);
} sp_requests SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
} sp_rates SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SP_COUNTERS);
	__type(key, __u32);
	__type(value, __u64);
} sp_counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_BYTES);
} sp_ring SEC(".maps");

/* A type is in the object's BTF once something refers to it. */
#define IN_BTF(type, name) type *in_btf_##name
IN_BTF(enum sp_config_flag, config_flag);
IN_BTF(enum sp_rule_action, rule_action);
IN_BTF(enum sp_protocol, protocol);
IN_BTF(enum sp_role, role);
IN_BTF(enum sp_method, method);
IN_BTF(enum sp_end, end);
IN_BTF(enum sp_parent, parent);
IN_BTF(enum sp_news, news);
IN_BTF(enum sp_keep, keep);
IN_BTF(enum sp_counter, counter);
IN_BTF(enum sp_event_type, event_type);
IN_BTF(struct exchange_event, exchange_event);
IN_BTF(struct cgroup_event, cgroup_event);
IN_BTF(struct statement_event, statement_event);
IN_BTF(struct stream_event, stream_event);
IN_BTF(struct stream_news, stream_news);

struct flush {
	__u64 quiet_ns;
};

SEC("syscall")
int sp_flush(struct flush *ctx)
{
	__u32 key = 0;
	__u64 *count = bpf_map_lookup_elem(&sp_counters, &key);

	if (count)
		*count += ctx->quiet_ns;
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int sp_cgroup_rmdir(void *ctx)
{
	return 0;
}

const volatile __u32 sp_agent_pid = 0;

char LICENSE[] SEC("license") = "GPL";
