/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is kept of a request's head, or of its frames. */
#pragma once

/* Appends bytes [from, to) of the block to what is captured of the request: as sent, without a hole. */
__noinline int sp_capture(struct exchange *x, struct scratch *s, __u64 id, __u32 from, __u32 to)
{
	struct head *head = 0;
	__u32 have, length, limit;

	if (!x || !s || from >= to || from >= SP_BLOCK_END)
		return 0;
	have = x->head_len;
	limit = x->capture < SP_HEAD_BYTES ? x->capture : SP_HEAD_BYTES - 1;
	if (have >= limit)
		return 0;
	length = to - from;
	if (length > limit - have)
		length = limit - have;
	x->head_len = have + length;
	if (!have) {
		bpf_probe_read_kernel(x->prefix, SP_PREFIX, &s->block[from]);
	} else if (have < SP_PREFIX) {
		/* By way of memory that has room behind any place: the verifier needs no bound of what is copied. */
		SP_CHECKED(have);
		__builtin_memcpy(s->appended, x->prefix, SP_PREFIX);
		bpf_probe_read_kernel(&s->appended[have & 255], SP_PREFIX, &s->block[from]);
		__builtin_memcpy(x->prefix, s->appended, SP_PREFIX);
	}
	if (have + length <= SP_PREFIX)
		return 0;
	if (x->bits & SP_IN_HEADS) {
		head = head_of(id, x->serial);
	} else if (have <= SP_PREFIX) {
		head = take_head(id, x->serial, s->now);
		if (head && have)
			bpf_probe_read_kernel(head->bytes, SP_PREFIX, x->prefix);
	}
	if (!head)
		return 0;
	/* The verifier of 6.1 forgets a bound that was put on the stack, but not a mask. */
	SP_CHECKED(have);
	SP_CHECKED(length);
	bpf_probe_read_kernel(&head->bytes[have & (SP_HEAD_BYTES - 1)], length & (SP_HEAD_BYTES - 1), &s->block[from]);
	x->bits |= SP_IN_HEADS;
	return 0;
}
