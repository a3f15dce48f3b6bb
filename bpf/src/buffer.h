/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Finds the user's buffer of the running system call in its registers. */
#pragma once

#include "arch.h"

static __always_inline void flat_buffer(struct scratch *s, __u64 at)
{
	s->io.kind = SP_BUFFER_FLAT;
	s->io.at = at;
	s->io.left = s->io.total;
}

static __always_inline void vector_buffer(struct scratch *s, __u64 vector, __u64 segments)
{
	s->io.kind = SP_BUFFER_VECTOR;
	s->io.left = 0;
	s->io.vector = vector;
	s->io.segments = segments;
}

static __always_inline void opaque_buffer(struct scratch *s)
{
	s->io.kind = SP_BUFFER_OPAQUE;
	s->io.at = 0;
	s->io.left = s->io.total;
}

/* A struct user_msghdr at `at`. */
static __always_inline void message_buffer(struct scratch *s, __u64 at)
{
	struct user_message *message = &s->message;

	if (bpf_probe_read_user(message, 56, (void *)at)) {
		count(SP_LOST_READ_FAULT);
		opaque_buffer(s);
		return;
	}
	vector_buffer(s, message->segments, message->segment_count);
}

/* sendmmsg and recvmmsg: which message of the array? The next one, if the one before it returned what was seen of it. */
static __always_inline void batch_buffer(struct conn *c, struct scratch *s, __u64 array, __u64 messages)
{
	struct user_message *message = &s->message;
	__u32 index = 0;

	if (c->batch == (__u32)array && c->batch_index && c->batch_index < messages) {
		index = c->batch_index;
		if (bpf_probe_read_user(message, sizeof(*message), (void *)(array + (index - 1) * sizeof(*message))) ||
		    message->returned != c->batch_last)
			index = 0;
	}
	c->batch = array;
	c->batch_index = index + 1;
	c->batch_last = s->io.total;
	if (c->batch_index >= messages)
		c->batch = 0;
	message_buffer(s, array + index * sizeof(*message));
}

static __always_inline void user_buffer(struct conn *c, struct scratch *s, struct task_struct *task, int truncated)
{
	struct pt_regs *regs;

	if (truncated || (task->flags & (PF_KTHREAD | PF_IO_WORKER)))
		return opaque_buffer(s);
	regs = (struct pt_regs *)bpf_task_pt_regs(task);
	if (!regs || sp_is_compat(regs))
		return opaque_buffer(s);
	switch (sp_call_of(regs)) {
	case SP_CALL_READ:
	case SP_CALL_WRITE:
	case SP_CALL_SENDTO:
	case SP_CALL_RECVFROM:
		return flat_buffer(s, sp_second(regs));
	case SP_CALL_READV:
	case SP_CALL_WRITEV:
	case SP_CALL_PREADV2:
	case SP_CALL_PWRITEV2:
		return vector_buffer(s, sp_second(regs), sp_third(regs));
	case SP_CALL_SENDMSG:
	case SP_CALL_RECVMSG:
		return message_buffer(s, sp_second(regs));
	case SP_CALL_SENDMMSG:
	case SP_CALL_RECVMMSG:
		return batch_buffer(c, s, sp_second(regs), sp_third(regs));
	default:
		return opaque_buffer(s);
	}
}

/* Where the address of the peer is, once the buffer was found; 0: the call has none. */
static __always_inline __u64 user_peer(const struct scratch *s, struct task_struct *task)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	__u64 named, call;

	if (!regs)
		return 0;
	named = sp_fifth(regs);
	call = sp_call_of(regs);
	SP_CHECKED(named); /* a load of its own: the verifier takes no one load of two kinds of memory */
	if (call == SP_CALL_SENDTO || call == SP_CALL_RECVFROM)
		return named;
	return call == SP_CALL_READ || call == SP_CALL_WRITE || call == SP_CALL_READV || call == SP_CALL_WRITEV ? 0 : s->message.name;
}
