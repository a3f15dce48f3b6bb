/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Trace context: from the request's own header, from the thread that answers a server request, or new. */
#pragma once

/* xoshiro256++ per CPU, seeded from the kernel's random source. */
static __always_inline __u64 rotate(__u64 value, int by)
{
	return value << by | value >> (64 - by);
}

__noinline int sp_seed(struct scratch *s)
{
	if (s)
		for (int i = 0; i < 4; i++)
			s->random[i] = (__u64)bpf_get_prandom_u32() << 32 | bpf_get_prandom_u32();
	return 0;
}

static __always_inline __u64 random_u64(struct scratch *s)
{
	__u64 *r = s->random, result, t;

	if (!(r[0] | r[1] | r[2] | r[3]))
		sp_seed(s);
	result = rotate(r[0] + r[3], 23) + r[0];
	t = r[1] << 17;
	r[2] ^= r[0];
	r[3] ^= r[1];
	r[1] ^= r[2];
	r[0] ^= r[3];
	r[2] ^= t;
	r[3] = rotate(r[3], 45);
	return result;
}

static __always_inline __u64 random_id(struct scratch *s)
{
	__u64 id = random_u64(s);

	return id ? id : 1;
}

/* The low 56 bits of the trace id, as consistent sampling compares them. */
static __always_inline __u64 sampling_value(const struct exchange *x)
{
	__u64 low;

	__builtin_memcpy(&low, &x->trace_id[8], 8);
	return __builtin_bswap64(low) & (SP_NONE_KEPT - 1);
}

/* A server request is read: its context becomes the thread's. */
static __always_inline void enter_task(struct scratch *s, struct exchange *x, int has_line)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct task_context *task;

	/* Go's sockets do not block its threads. */
	if (s->nonblocking && sp_enter_goroutine(s, x, has_line))
		return;
	task = bpf_task_storage_get(&sp_tasks, current, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!task)
		return;
	if (task->span_id && !is_void(task->since, x->tid))
		task->multiplexed = 1;
	task->nonblocking = s->nonblocking;
	note_request(task, s, x, has_line);
}

/* A server request is answered, or will not be. */
__noinline int sp_leave_task(const struct exchange *x)
{
	__u64 span_id;
	__u32 tid;

	if (!x)
		return 0;
	span_id = x->span_id;
	tid = x->tid;
	if ((__u32)bpf_get_current_pid_tgid() == tid) {
		struct task_struct *current = bpf_get_current_task_btf();
		struct task_context *task = bpf_task_storage_get(&sp_tasks, current, 0, 0);

		if (task && task->span_id == span_id)
			task->span_id = 0;
	} else {
		__u64 *at = void_time(tid);

		if (at)
			*at = bpf_ktime_get_ns();
	}
	return 0;
}

static __always_inline void leave_task(const struct endpoints *ends, const struct exchange *x)
{
	if (ends->role != SP_ROLE_SERVER || !(x->roles & (1 << SP_ROLE_CLIENT)))
		return;
	if (x->flags & SP_OF_GOROUTINE)
		sp_leave_goroutine(x);
	else
		sp_leave_task(x);
}

/* A client request without a context of its own: the child of what its thread is answering, where that is certain. */
static __always_inline int join_task(struct scratch *s, struct exchange *x)
{
	struct task_struct *current = bpf_get_current_task_btf();
	struct task_context *task = bpf_task_storage_get(&sp_tasks, current, 0, 0);

	if (!task || !task->span_id)
		return sp_join_goroutine(s, x);
	if (is_void(task->since, x->tid)) {
		task->span_id = 0;
		return 0;
	}
	if (task->multiplexed || task->nonblocking) {
		x->parent = SP_PARENT_UNCERTAIN;
		return 0;
	}
	__builtin_memcpy(x->trace_id, task->trace_id, 16);
	x->parent_span_id = task->span_id;
	x->parent = SP_PARENT_THREAD;
	x->trace_flags = task->trace_flags;
	if (task->by_parent) {
		x->bits |= SP_BY_PARENT;
		if (task->sampled)
			x->bits |= SP_SAMPLED;
	}
	if (task->eligible)
		x->flags |= SP_OF_ELIGIBLE;
	return 1;
}

/* Whether it is what the policy asks for: of anything else nothing is told or counted, and nothing a thread does is its. */
static __always_inline int may_be_told(const struct exchange *x)
{
	return !(x->flags & SP_OF_CARRIER) || x->kind;
}

/* The low half of a trace id that says what chance has decided already: its low 56 bits reach the threshold. */
static __always_inline __u64 kept_by_chance(__u64 random, __u64 threshold)
{
	__u64 value = random & (SP_NONE_KEPT - 1);

	if (value < threshold && threshold < SP_NONE_KEPT)
		value = threshold + value % (SP_NONE_KEPT - threshold);
	return (random & ~(SP_NONE_KEPT - 1)) | value;
}

/* The request's head is whole: who it belongs to, and whether it is sampled. With a line, what is not captured of it begins at the block's start. */
static __always_inline void find_context(struct scratch *s, struct exchange *x, __u64 role, int has_line)
{
	int by_chance = x->flags & SP_CONFIG_BY_CHANCE;

	x->span_id = random_id(s);
	if ((x->bits & SP_TRACEPARENT) && !(x->bits & SP_TRACEPARENT_TWICE)) {
		x->parent = SP_PARENT_HEADER;
		if (x->flags & SP_CONFIG_HONOR_PARENT) {
			x->bits |= SP_BY_PARENT;
			if (x->trace_flags & 1)
				x->bits |= SP_SAMPLED;
		}
	} else {
		__u64 high, low;

		x->parent_span_id = 0;
		x->trace_flags = 0;
		x->parent = SP_PARENT_NONE;
		if (role != SP_ROLE_CLIENT || by_chance || !join_task(s, x)) {
			high = random_id(s);
			low = random_u64(s);
			if (by_chance)
				low = __builtin_bswap64(kept_by_chance(low, x->threshold));
			__builtin_memcpy(x->trace_id, &high, 8);
			__builtin_memcpy(x->trace_id + 8, &low, 8);
		}
	}
	if (by_chance || (!(x->bits & SP_BY_PARENT) && sampling_value(x) >= x->threshold))
		x->bits |= SP_SAMPLED;
	if (x->parent != SP_PARENT_HEADER && (x->bits & SP_SAMPLED))
		x->trace_flags |= 1;
	if (role == SP_ROLE_SERVER && !by_chance && may_be_told(x) && (x->roles & (1 << SP_ROLE_CLIENT)))
		enter_task(s, x, has_line);
}

/* Not inlined into each protocol: that would be half of what is verified of it. */
__noinline int sp_give_context(struct scratch *s, struct exchange *x, __u64 role, int has_line)
{
	if (s && x)
		find_context(s, x, role, has_line);
	return 0;
}
