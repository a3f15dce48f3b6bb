// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* An object as somebody else brings it: three kinds of tracepoints, types of the kernel found by CO-RE, a state of its own, and counts that it gives out. */
#include <linux/bpf.h>
#include <linux/types.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#ifndef NUMBER
#define NUMBER 121 /* getpgid */
#endif
#ifndef ENTRIES
#define ENTRIES 1024
#endif

char LICENSE[] SEC("license") = "GPL";

const volatile __s32 unit = 1;

struct task_struct {
	int tgid;
} __attribute__((preserve_access_index));

struct owner {
	__u64 cgroup_id;
	__u32 argument;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, ENTRIES);
	__type(key, struct owner);
	__type(value, __u64);
} otel_calls SEC(".maps");

typedef __u64 powers[16];

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, powers);
} otel_argument SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16);
	__type(key, __u32);
	__type(value, __s64);
} otel_level SEC(".maps");

/* Nobody else's business; that it wants to be pinned is not heeded. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u64);
	__uint(pinning, LIBBPF_PIN_BY_NAME);
} seen SEC(".maps");

/* Each call, as a record: numbers, text, whose, when. */
struct each {
	__u64 cgroup_id;
	__u64 ktime;
	__u32 pid;
	__u32 tid;
	__s32 argument;
	char comm[16];
	char message[12];
};
#ifndef NAMELESS
const struct each *unused __attribute__((unused));
#endif

#ifdef NAMELESS
#define EACH otel_other
#elif defined(UNREAD)
#define EACH unread
#else
#define EACH otel_each
#endif

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 16);
} EACH SEC(".maps");

struct entered {
	__u64 common;
	__s64 number;
	__u64 argument;
};

SEC("tracepoint/syscalls/sys_enter_getpgid")
int entered_getpgid(struct entered *at)
{
	struct owner owner = {.cgroup_id = bpf_get_current_cgroup_id(), .argument = at->argument};
	__u64 one = unit, *count;
	__u32 zero = 0;
	__u64 *slots = bpf_map_lookup_elem(&otel_argument, &zero);

	struct each each = {.cgroup_id = owner.cgroup_id, .ktime = bpf_ktime_get_ns(), .argument = at->argument, .message = "called"};
	__u64 id = bpf_get_current_pid_tgid();

	bpf_get_current_comm(owner.comm, sizeof(owner.comm));
	each.pid = id >> 32;
	each.tid = id;
	bpf_get_current_comm(each.comm, sizeof(each.comm));
	/* The last is cut: nobody can read it. */
	bpf_ringbuf_output(&EACH, &each, at->argument == 99 ? 8 : sizeof(each), 0);
	count = bpf_map_lookup_elem(&otel_calls, &owner);
	if (count)
		__sync_fetch_and_add(count, one);
	else
		bpf_map_update_elem(&otel_calls, &owner, &one, BPF_ANY);
	if (slots)
		slots[at->argument >= 2 ? 1 : 0]++;
	return 0;
}

SEC("raw_tp/sys_enter")
int entered_any(struct bpf_raw_tracepoint_args *at)
{
	__u32 key = 7;
	__s64 level = -5;

	if (at->args[1] == NUMBER)
		bpf_map_update_elem(&otel_level, &key, &level, BPF_ANY);
	return 0;
}

#if defined(TYPED)
SEC("tp_btf/sched_process_exec")
int BPF_PROG(typed, struct task_struct *task)
{
	return 0;
}
#elif !defined(CONFINED)
SEC("tp_btf/sched_process_exec")
int BPF_PROG(executed, struct task_struct *task)
{
	__u32 process = BPF_CORE_READ(task, tgid);
	__u64 now = bpf_ktime_get_ns();

	bpf_map_update_elem(&seen, &process, &now, BPF_ANY);
	return 0;
}
#endif

#ifdef REFUSED_HELPER
SEC("raw_tp/sys_exit")
int killing(void *at)
{
	bpf_send_signal(9);
	return 0;
}
#endif

#ifdef REFUSED_KIND
SEC("kprobe/do_nothing")
int elsewhere(void *at)
{
	return 0;
}
#endif

#ifdef REFUSED_MAP
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u16);
} otel_small SEC(".maps");
#endif
