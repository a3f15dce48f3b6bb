/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is read of a socket when its conn is made, and at its end. */
#pragma once

static __always_inline void map_address(__u8 *to, __be32 from)
{
	to[10] = 0xff;
	to[11] = 0xff;
	__builtin_memcpy(&to[12], &from, 4);
}

/* The agent's own process: tracing its exports would make more to export, whatever selects its cgroup. Not constant: pinned programs see one agent follow another. */
volatile __u32 sp_agent_pid SEC(".data.agent") = 0;

/* Not inlined, like the next: its frame is gone when the deep calls come. All frames together have 512 bytes. */
static __noinline int read_endpoints(struct endpoints *e, struct sock *sk)
{
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	e->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	if (!e->local_port) /* TCP has given it back already */
		e->local_port = __builtin_bswap16(BPF_CORE_READ((struct inet_sock *)sk, inet_sport));
	e->remote_port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	e->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	if (family == AF_INET6) {
		BPF_CORE_READ_INTO(&e->local_address, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&e->remote_address, sk, __sk_common.skc_v6_daddr);
	} else {
		map_address(e->local_address, BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr));
		map_address(e->remote_address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
	}
	return 0;
}

static __always_inline __u64 new_connection_id(__u64 now)
{
	return now << 24 ^ bpf_get_prandom_u32();
}

/* How TCP ended, where its owner may go on to read. */
static __always_inline __u8 end_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, sk_err) ? SP_END_RESET : SP_END_ABORTED;
}

#ifndef SP_TLS
/* A socket is seen for the first time. */
static __noinline int begin_conn(struct conn *c, struct sock *sk, __u64 now)
{
	if (bpf_get_current_pid_tgid() >> 32 == sp_agent_pid) {
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	}
	c->endpoints.id = new_connection_id(now) & ~SP_ID_TLS;
	/* What its owner reads of a connection that was reset before will be answered by nobody. */
	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP)
		c->endpoints.closing = end_of(sk);
	return read_endpoints(&c->endpoints, sk);
}
#endif

/* The peer's reset came while the call that sent was at work, as it does on one machine: nobody will answer what it sent, and no change of state will say so. */
static __always_inline void note_reset(struct conn *c, struct sock *sk)
{
	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP)
		c->endpoints.closing = end_of(sk);
}

/* Whether TCP ended while its owner, who did not close it, has bytes to read. A FIN is one of the position. */
static __always_inline int has_unread(struct sock *sk)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	/* A close by the owner has emptied the queue by now. */
	if (!BPF_CORE_READ(sk, sk_receive_queue.qlen) || BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	return (__s32)(BPF_CORE_READ(tcp, rcv_nxt) - BPF_CORE_READ(tcp, copied_seq)) > 1;
}

/* The oldest request in flight will not be answered. */
__noinline int sp_abort(struct conn *c, struct scratch *s, __u64 how)
{
	if (!c || !s)
		return 0;
	if (!c->open.response_end)
		c->open.response_end = s->now;
	if (!c->open.span_id)
		sp_give_context(s, &c->open, SP_ROLE_NONE, 0); /* closed inside the request's head */
	return sp_finish(c, s, how);
}

struct aborting {
	struct conn *conn;
	struct scratch *scratch;
	__u64 how;
};

static long abort_one(__u64 index, struct aborting *a)
{
	if (!is_open(a->conn))
		return 1;
	sp_abort(a->conn, a->scratch, a->how);
	return 0;
}

/* The connection ends: what is open on it will not be answered, what waited for the end has it. */
static __always_inline void close_conn(struct conn *c, struct scratch *s, struct sock *sk)
{
	int error = BPF_CORE_READ(sk, sk_err);
	struct aborting aborting;

	s->now = bpf_ktime_get_ns();
	if (c->endpoints.protocol == SP_PROTOCOL_HTTP2) {
		close_streams(c, s, sk, has_unread(sk));
		return;
	}
	if (c->stream[0].state == SP_UNTIL_CLOSE || c->stream[1].state == SP_UNTIL_CLOSE)
		sp_end_waiting(c->endpoints.id, s, error ? SP_END_RESET : SP_END_CLOSE);
	if (!is_open(c) || c->stream[request_direction(c)].state == SP_OPAQUE) {
		if (has_unread(sk))
			c->endpoints.closing = end_of(sk);
		return;
	}
	if (is_numbered(c)) {
		sp_take_back(c, s);
		end_others(c, s, error ? SP_END_RESET : SP_END_ABORTED);
		if (!is_open(c))
			return;
	}
	if (has_unread(sk)) {
		c->endpoints.closing = end_of(sk);
		sp_defer_close(c, s);
		return;
	}
	read_open_body(c, s);
	aborting.conn = c;
	aborting.scratch = s;
	aborting.how = error ? SP_END_RESET : SP_END_ABORTED;
	bpf_loop(SP_PIPELINE_DEPTH, abort_one, &aborting, 0);
	/* Of which the open one was counted when its turn came, if it was pushed out. */
	if (is_open(c))
		count_many(SP_LOST_PIPELINE, in_flight(c) - !c->open.roles);
	c->first = c->next;
}

/* It may have interrupted the very hook that is at work on the connection: then it does not wait to the end. */
static __always_inline void socket_closed(struct conn *c, struct scratch *s, struct sock *sk)
{
	int taken = take_conn(c);

	close_conn(c, s, sk);
	if (taken)
		release_conn(c);
}

/* Whether this change of state ends the connection for its owner. shutdown(SHUT_WR) alone does not. */
static __always_inline int ends_connection(const struct sock *sk, int state)
{
	if (state == TCP_CLOSE)
		return 1;
	return (state == TCP_FIN_WAIT1 || state == TCP_LAST_ACK) && BPF_CORE_READ(sk, sk_shutdown) == SHUTDOWN_BOTH;
}
