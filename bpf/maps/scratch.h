/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#ifndef SP_SCRATCHES
#define SP_SCRATCHES SP_CONTEXTS
#endif

/* enum sp_context → working memory of one program run. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SP_SCRATCHES);
	__type(key, __u32);
	__type(value, struct scratch);
} sp_scratch SEC(".maps");

static __always_inline struct scratch *scratch_of(enum sp_context context)
{
	__u32 key = context;
	struct scratch *s = bpf_map_lookup_elem(&sp_scratch, &key);

	if (s)
		s->context = key;
	return s;
}

/* The same again, as the verifier of 6.1 wants it for a map's value: it takes no pointer that was a function's argument. */
static __always_inline struct scratch *own_scratch(const struct scratch *s)
{
	__u32 key = s->context;

	return bpf_map_lookup_elem(&sp_scratch, &key);
}
