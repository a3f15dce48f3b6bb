/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Datagrams: of these DNS alone is looked for. What a socket sends otherwise is found out by its first ones. */
#pragma once

/* So many that are none, and the socket is left alone until the configuration changes. */
#define SP_OTHER_DATAGRAMS 16

struct user_address {
	__u16 family;
	__be16 port;
	union {
		__be32 v4;
		struct {
			__u32 flow;
			__u8 v6[16];
		};
	};
};

/* The peer: that of a connected socket, or who the datagram is for or from, where that can be read by now. */
static __noinline int find_peer(struct endpoints *e, struct scratch *s)
{
	struct sock *sk = (struct sock *)s->socket;
	struct user_address *peer = (struct user_address *)&s->message; /* done with */
	__u64 at = s->peer;

	e->remote_port = __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport));
	e->local_port = BPF_CORE_READ(sk, __sk_common.skc_num);
	__builtin_memset(e->remote_address, 0, 16);
	if (e->remote_port) {
		if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6)
			BPF_CORE_READ_INTO(&e->remote_address, sk, __sk_common.skc_v6_daddr);
		else
			map_address(e->remote_address, BPF_CORE_READ(sk, __sk_common.skc_daddr));
		return 0;
	}
	if (!at || bpf_probe_read_user(peer, 8, (void *)at))
		return 0;
	e->remote_port = __builtin_bswap16(peer->port);
	if (peer->family == AF_INET)
		map_address(e->remote_address, peer->v4);
	else if (peer->family == AF_INET6 && !bpf_probe_read_user(peer, sizeof(*peer), (void *)at))
		__builtin_memcpy(e->remote_address, peer->v6, 16);
	return 0;
}

/* Of the question in block[0, length): by what its answer is found. */
static __always_inline __u64 dns_key(const struct conn *c, const struct scratch *s, __u32 length)
{
	__u64 key = c->endpoints.id ^ (__u64)big_endian_16(s, 0) << 40;

	key = (key ^ word_at(s, SP_DNS_HEADER)) * 0x9E3779B97F4A7C15ULL;
	key = (key ^ key >> 29 ^ word_at(s, length - 8)) * 0xBF58476D1CE4E5B9ULL;
	return key ^ key >> 32 ^ length;
}

__noinline int sp_dns_asks(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 key, __u32 length)
{
	struct waiting *w;
	struct exchange *x;

	if (!c || !s || !config || length < SP_DNS_HEADER + 5 || length > SP_DNS_QUESTION)
		return 0;
	w = &s->waiting;
	bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
	find_peer(&w->endpoints, s);
	if (!is_wanted_of(&w->endpoints, config, s->direction))
		return 0;
	if (bpf_map_lookup_elem(&sp_waiting, &key)) {
		if (s->direction == SP_INGRESS)
			return 0; /* the server is at work on it */
		sp_dns_timed_out(key, s);
		bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
		find_peer(&w->endpoints, s);
	}
	x = &w->exchange;
	s->since = s->now;
	fill_request(x, c, s, config);
	w->endpoints.role = s->direction == SP_EGRESS ? SP_ROLE_CLIENT : SP_ROLE_SERVER;
	w->endpoints.protocol = SP_PROTOCOL_DNS;
	x->serial = (__u32)key;
	x->method = 0;
	x->error_from = 1;
	x->request_bytes = s->io.total;
	x->flags &= ~SP_CONFIG_BY_CHANCE;
	sp_give_context(s, x, w->endpoints.role, 0);
	if (x->flags & SP_OF_ELIGIBLE) /* where only requests with a trace header may have spans: it belongs to one */
		x->bits |= SP_ELIGIBLE;
	x->capture = SP_DNS_QUESTION;
	sp_capture(x, s, w->endpoints.id, 0, length);
	if (put_waiting(key, s))
		count(SP_LOST_WAITING);
	return 0;
}

__noinline int sp_dns_answers(struct conn *c, struct scratch *s, __u64 key)
{
	struct waiting *w = bpf_map_lookup_elem(&sp_waiting, &key);
	struct exchange *x;

	if (!c || !s || !w)
		return 0;
	if (w->endpoints.role != (s->direction == SP_EGRESS ? SP_ROLE_SERVER : SP_ROLE_CLIENT))
		return 0;
	x = &w->exchange;
	dns_answered(x, s, 0);
	x->response_start = s->now;
	x->response_end = s->now;
	x->response_bytes = s->io.total;
	if (!w->endpoints.remote_port)
		find_peer(&w->endpoints, s);
	leave_task(&w->endpoints, x);
	return sp_end_waiting(key, s, SP_END_COMPLETE);
}

/* A header alone, that says why there is no more. */
static __always_inline int is_dns_refusal(const struct scratch *s, __u64 total)
{
	__u32 flags = big_endian_16(s, 2);

	return total == SP_DNS_HEADER && (flags & SP_DNS_ANSWER) && (flags & 15) && !word_at(s, 4);
}

struct unnamed {
	__u64 connection;
	__u64 key; /* of the one that was found last */
	__u32 number; /* as it stands in the datagram */
	__u32 found;
};

static long is_unnamed(void *map, __u64 *key, struct waiting *w, struct unnamed *of)
{
	if (w->endpoints.id != of->connection || w->endpoints.protocol != SP_PROTOCOL_DNS || *(__u16 *)w->exchange.prefix != (__u16)of->number)
		return 0;
	of->key = *key;
	of->found++;
	return 0;
}

/* An answer that does not repeat its question, as of servers that refuse: that of the socket's only question of this number. Such answers are rare, and few questions wait. */
__noinline int sp_dns_answers_unnamed(struct conn *c, struct scratch *s)
{
	struct unnamed of = {};

	if (!c || !s)
		return 0;
	of.connection = c->endpoints.id;
	of.number = (__u16)word_at(s, 0);
	bpf_for_each_map_elem(&sp_waiting, is_unnamed, &of, 0);
	return of.found == 1 ? sp_dns_answers(c, s, of.key) : 0;
}

/* The datagram that s->io describes. */
__noinline int sp_datagram(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	__u32 want = SP_DNS_READ, length;
	int asks;

	if (!c || !s || !config || s->io.kind == SP_BUFFER_OPAQUE || (!s->io.left && !next_segment(s)))
		return 0;
	if (want > s->io.left)
		want = s->io.left;
	SP_CHECKED(want);
	if (want > SP_DNS_READ)
		return 0;
	SP_CHECKED(want);
	if (want < SP_DNS_HEADER || bpf_probe_read_user(s->block, want, (void *)s->io.at))
		return 0;
	asks = !(big_endian_16(s, 2) & SP_DNS_ANSWER);
	if (is_dns_refusal(s, s->io.total) && c->next)
		return sp_dns_answers_unnamed(c, s);
	length = asks && !is_dns_question(s, 0) ? 0 : dns_question(s, 0, want);
	if (!length || (asks && !is_dns_whole(s, length, s->io.total))) {
		if (!c->next && ++c->first >= SP_OTHER_DATAGRAMS) {
			c->endpoints.unwanted = 1;
			c->endpoints.generation = config->generation;
		}
		return 0;
	}
	c->next = 1;
	if (asks)
		sp_dns_asks(c, s, config, dns_key(c, s, length), length);
	else
		sp_dns_answers(c, s, dns_key(c, s, length));
	return 0;
}
