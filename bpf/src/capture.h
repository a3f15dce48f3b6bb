/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is kept of a request's head. */
#pragma once

/* Appends block[from, to) to what is captured of the request's head. */
__noinline int sp_capture(struct exchange *x, struct scratch *s, __u64 id, __u32 to)
{
	__u32 have, limit;

	if (!x || !s)
		return 0;
	have = x->head_len;
	limit = x->capture < SP_HEAD_BYTES ? x->capture : SP_HEAD_BYTES - 1;
	if (have >= limit)
		return 0;
	if (to > limit - have)
		to = limit - have;
	if (have == 0) {
		__builtin_memcpy(x->prefix, s->block, SP_PREFIX);
	} else {
		/* By way of memory that has room for all of it behind any place: the verifier needs no bound of what is copied. */
		__builtin_memcpy(s->head, x->prefix, SP_PREFIX);
		bpf_probe_read_kernel(&s->head[have & (SP_HEAD_BYTES - 1)], SP_PREFIX, s->block);
		__builtin_memcpy(x->prefix, s->head, SP_PREFIX);
	}
	if (have + to > SP_PREFIX) {
		struct pipeline_key key = { .id = id, .serial = x->serial };
		struct head *head = bpf_map_lookup_elem(&sp_heads, &key);

		if (!head) {
			static const struct head none;

			bpf_map_update_elem(&sp_heads, &key, &none, BPF_ANY);
			head = bpf_map_lookup_elem(&sp_heads, &key);
			if (head)
				bpf_probe_read_kernel(head->bytes, SP_PREFIX, x->prefix);
		}
		if (head) {
			/* The verifier of 6.1 forgets a bound that was put on the stack, but not a mask. */
			SP_CHECKED(have);
			SP_CHECKED(to);
			bpf_probe_read_kernel(&head->bytes[have & (SP_HEAD_BYTES - 1)], to & (SP_HEAD_BYTES - 1), s->block);
			x->bits |= SP_IN_HEADS;
		}
	}
	x->head_len = have + to;
	return 0;
}
