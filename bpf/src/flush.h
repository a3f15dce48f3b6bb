/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lets exchanges go that have been silent long enough. Walks those that wait, never the sockets. */
#pragma once

struct flush_request {
	__u64 quiet_ns;
};

struct flush_walk {
	struct scratch *scratch;
	__u64 quiet_ns;
};

/* Whether so long has passed since; `since` may be later than the walk began, as traffic goes on beside it. */
static __always_inline int is_over(const struct flush_walk *walk, __u64 since, __u64 ns)
{
	return (__s64)(walk->scratch->now - since) >= (__s64)ns;
}

static long flush_one(void *map, __u64 *id, struct waiting *w, struct flush_walk *walk)
{
	if (w->endpoints.protocol == SP_PROTOCOL_DNS && !w->endpoints.closing) {
		if (is_over(walk, w->exchange.request_start, SP_DNS_PATIENCE))
			sp_dns_timed_out(*id, walk->scratch);
		return 0;
	}
	if (is_over(walk, w->exchange.response_end, walk->quiet_ns))
		sp_end_waiting(*id, walk->scratch, SP_END_SILENCE);
	return 0;
}

SEC("syscall")
int sp_flush(struct flush_request *request)
{
	struct flush_walk walk = { .scratch = scratch_of(SP_CONTEXT_FLUSH), .quiet_ns = request->quiet_ns };

	if (!walk.scratch || !sp_waiting_count)
		return 0;
	walk.scratch->now = bpf_ktime_get_ns();
	bpf_for_each_map_elem(&sp_waiting, flush_one, &walk, 0);
	return 0;
}
