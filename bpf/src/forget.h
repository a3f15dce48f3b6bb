/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Idle connections are let go of: their next request finds them as if they were older than the agent. Walks the sockets that have a conn, so it is asked for seldom. */
#pragma once

/* So long nothing happened on it. */
#define SP_IDLE_NS (10 * 1000000000ULL)

static __always_inline int is_between_messages(const struct stream *st)
{
	return st->state == SP_START && !st->bits && !st->early && !st->lost;
}

/* Of HTTP/1 all that is known between two exchanges is found again at the next one; other protocols have been told what does not come twice. */
static __always_inline int is_idle(const struct conn *c, __u64 now)
{
	return !c->endpoints.protocol && !c->endpoints.wrong && !c->endpoints.closing && !is_open(c) && is_between_messages(&c->stream[SP_INGRESS]) &&
	       is_between_messages(&c->stream[SP_EGRESS]) && (__s64)(now - c->open.response_end) >= (__s64)SP_IDLE_NS;
}

SEC("iter/bpf_sk_storage_map")
int sp_forget(struct bpf_iter__bpf_sk_storage_map *ctx)
{
	struct sock *sk = ctx->sk;
	struct conn *c;

	if (!sk)
		return 0;
	c = bpf_sk_storage_get(&sp_conns, sk, 0, 0);
	if (!c || !is_idle(c, bpf_ktime_get_ns()) || __sync_val_compare_and_swap(&c->busy, 0, SP_FORGOTTEN))
		return 0;
	/* Taken for good where it goes: a hook that found it before counts what it cannot follow. */
	if (is_idle(c, bpf_ktime_get_ns()))
		bpf_sk_storage_delete(&sp_conns, sk);
	else
		release_conn(c);
	return 0;
}
