/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Go's unit of context: threads serve goroutines in turns, so what one is answering is kept with its runtime.g, which the processor has in a register. */
#pragma once

#include "arch.h"

/* Whether it may be the address of a runtime.g: user memory behind the first 4 GiB, of words. Spares most programs the look at what is there. */
static __always_inline int is_of_heap(__u64 address)
{
	return address >> 32 && !(address >> 47) && !(address & 7);
}

/* Whether a goroutine is running: the register points at what begins with the bounds of a stack, and this thread is on that stack. */
static __always_inline int goroutine_at_hand(struct goroutine_key *key)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
	__u64 stack[2], at;

	if (!regs)
		return 0;
	key->goroutine = sp_go_goroutine(regs);
	if (!is_of_heap(key->goroutine))
		return 0;
	at = sp_stack(regs);
	key->process = bpf_get_current_pid_tgid() >> 32;
	return !bpf_probe_read_user(stack, sizeof(stack), (void *)key->goroutine) && stack[0] <= at && at < stack[1];
}

/* What is being answered from now on. */
static __always_inline void note_request(struct task_context *context, struct scratch *s, const struct exchange *x, int has_line)
{
	__builtin_memcpy(context->trace_id, x->trace_id, 16);
	context->span_id = x->span_id;
	context->since = s->now;
	context->sampled = !!(x->bits & SP_SAMPLED);
	context->by_parent = !!(x->bits & SP_BY_PARENT);
	context->trace_flags = x->trace_flags;
	context->eligible = !!(x->bits & SP_ELIGIBLE);
	context->named = has_line;
	if (!has_line)
		return;
	if (x->head_len)
		__builtin_memcpy(context->line, x->prefix, SP_TASK_LINE);
	else
		__builtin_memcpy(context->line, s->block, SP_TASK_LINE);
}

/* A server request is read: its context becomes the goroutine's. 0: none is running. */
__noinline int sp_enter_goroutine(struct scratch *s, struct exchange *x, int has_line)
{
	static const struct task_context none;
	struct goroutine_key key;
	struct task_context *served;

	if (!s || !x || !goroutine_at_hand(&key))
		return 0;
	served = bpf_map_lookup_elem(&sp_goroutines, &key);
	if (!served) {
		bpf_map_update_elem(&sp_goroutines, &key, &none, BPF_NOEXIST);
		served = bpf_map_lookup_elem(&sp_goroutines, &key);
		if (!served)
			return 0;
	}
	served->multiplexed = served->span_id && !is_void(served->since, served->span_id);
	note_request(served, s, x, has_line);
	x->flags |= SP_OF_GOROUTINE;
	return 1;
}

/* A server request that was given to a goroutine is answered, or will not be: often by that goroutine. */
__noinline int sp_leave_goroutine(const struct exchange *x)
{
	struct goroutine_key key;
	struct task_context *served = 0;
	__u64 *at;

	if (!x)
		return 0;
	if (goroutine_at_hand(&key))
		served = bpf_map_lookup_elem(&sp_goroutines, &key);
	if (served && served->span_id == x->span_id) {
		served->span_id = 0;
		return 0;
	}
	at = void_time(x->span_id);
	if (at)
		*at = bpf_ktime_get_ns();
	return 0;
}

/* The goroutine that a request on this socket is made for: the one that handed it over, or the one that is sending. 0: that one is not answering any. */
static __always_inline struct task_context *served_at_hand(__u64 socket)
{
	struct handed *handed = bpf_map_lookup_elem(&sp_handed, &socket);
	struct goroutine_key key;
	struct task_context *served;
	__u64 span_id = 0;

	if (!goroutine_at_hand(&key))
		return 0;
	if (handed) {
		key = handed->by;
		span_id = handed->span_id;
		bpf_map_delete_elem(&sp_handed, &socket);
	}
	served = bpf_map_lookup_elem(&sp_goroutines, &key);
	if (!served || !served->span_id || (span_id && served->span_id != span_id) || is_void(served->since, served->span_id))
		return 0;
	return served;
}

/* A client request of a program in Go, without a context of its own. 1: it is a child of what is being answered. */
__noinline int sp_join_goroutine(struct scratch *s, struct exchange *x)
{
	struct task_context *served;

	if (!s || !x)
		return 0;
	served = served_at_hand(s->carrier);
	if (!served)
		return 0;
	if (served->multiplexed) {
		x->parent = SP_PARENT_UNCERTAIN;
		return 0;
	}
	__builtin_memcpy(x->trace_id, served->trace_id, 16);
	x->parent_span_id = served->span_id;
	x->parent = SP_PARENT_THREAD;
	x->trace_flags = served->trace_flags;
	if (served->by_parent) {
		x->bits |= SP_BY_PARENT;
		if (served->sampled)
			x->bits |= SP_SAMPLED;
	}
	if (served->eligible)
		x->flags |= SP_OF_ELIGIBLE;
	return 1;
}
