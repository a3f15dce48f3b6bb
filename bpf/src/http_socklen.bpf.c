// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Backend for Linux 6.3 and newer: completion tracepoints of the socket layer, state with the socket, configuration with the cgroup. */
#define SP_BACKEND_SOCKLEN
#define SP_SCRATCHES (SP_CONTEXT_SEND + 1)
#define SP_DATAGRAMS
#include "http.h"
#include "buffer.h"
#include "settings.h"
#include "datagram.h"
#include "forget.h"

static __always_inline struct conn *conn_of(struct sock *sk)
{
	struct conn *c = bpf_sk_storage_get(&sp_conns, sk, 0, 0);

	if (c)
		return c;
	c = bpf_sk_storage_get(&sp_conns, sk, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!c) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	begin_conn(c, sk, bpf_ktime_get_ns());
	return c;
}

/* What the hook found, for the program of a protocol that it went on to. */
static __always_inline struct conn *conn_at_hand(__u64 *ctx, struct scratch *s)
{
	return bpf_sk_storage_get(&sp_conns, (struct sock *)ctx[0], 0, 0);
}

static __always_inline int is_nonblocking(struct sock *sk)
{
	struct socket *socket = SP_UNTRUSTED(sock, sk)->sk_socket;
	struct file *file = socket ? socket->file : 0;

	return file && (file->f_flags & O_NONBLOCK);
}

/* What a hook went on to: one program for both directions, which is verified once. Its arguments are those of either tracepoint. */
static __always_inline int on_io(__u64 *ctx, struct sock *sk, int length, int flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct cgroup *cgroup = task->cgroups->dfl_cgrp;
	struct trace_config *config = bpf_cgrp_storage_get(&sp_config, cgroup, 0, 0);
	struct scratch *s = scratch_at_hand(ctx);
	__u8 direction;
	struct conn *c;
	int chance = 0;
	__u16 protocol;

	if (!s || !is_on(config))
		return 0;
	direction = s->context == SP_CONTEXT_SEND ? SP_EGRESS : SP_INGRESS;
	protocol = sk->sk_protocol;
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_MPTCP && !is_for_datagrams(config, protocol))
		return 0;
	c = conn_of(sk);
	if (!c || is_unwanted(c, config) || is_left_alone(c))
		return 0;
	if (protocol == IPPROTO_UDP) {
		s->now = bpf_ktime_get_ns();
		s->direction = direction;
		s->thread = (__u64)task->tgid << 32 | (__u32)task->pid;
		s->cgroup_id = SP_UNTRUSTED(cgroup, cgroup)->kn->id;
		s->io.total = length;
		s->socket = (__u64)(long)((__u64 *)ctx)[0];
		s->carrier = s->socket;
		s->nonblocking = (flags & MSG_DONTWAIT) || is_nonblocking(sk);
		leave_to(s, ctx);
		bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_DATAGRAM);
		s->caller = 0;
		return 0;
	}
	if ((config->flags & SP_CONFIG_BY_CHANCE) && length) {
		chance = is_told_by_bytes(c, config);
		if (!chance && passed_over(c, s, config, direction))
			return 0;
	}
	s->now = bpf_ktime_get_ns();
	if (!length) {
		if (direction == SP_INGRESS && (c->endpoints.closing || c->stream[SP_INGRESS].state == SP_UNTIL_CLOSE))
			sp_end_waiting(c->endpoints.id, s, SP_END_CLOSE);
		return 0;
	}
	if (!take_conn(c)) {
		count(SP_LOST_BUSY);
		return 0;
	}
	s->direction = direction;
	s->thread = (__u64)task->tgid << 32 | (__u32)task->pid;
	s->cgroup_id = SP_UNTRUSTED(cgroup, cgroup)->kn->id;
	s->io.total = length;
	s->carrier = (__u64)(long)((__u64 *)ctx)[0];
	s->fin_read = direction == SP_INGRESS && (sk->sk_shutdown & RCV_SHUTDOWN);
	if (protocol == IPPROTO_TCP) {
		struct tcp_sock *tcp = SP_UNTRUSTED(tcp_sock, sk);

		check_position(c, s, direction == SP_EGRESS ? tcp->write_seq : tcp->copied_seq);
	}
	/* Asked about where a client's span may become the child of what is read here. */
	if (direction == SP_INGRESS && (config->roles & (1 << SP_ROLE_CLIENT)))
		s->nonblocking = (flags & MSG_DONTWAIT) || is_nonblocking(sk);
	user_buffer(c, s, task, flags & MSG_TRUNC);
	if (direction == SP_EGRESS && sk->__sk_common.skc_state == TCP_CLOSE)
		note_reset(c, sk);
	if (c->endpoints.closing)
		sp_resume(c);
	if (protocol_of(c, s, config)) {
		if (c->endpoints.protocol && !is_passed(c, s)) {
			leave_to(s, ctx);
			bpf_tail_call(ctx, &sp_protocols, program_of(c->endpoints.protocol));
			s->caller = 0;
			count(SP_LOST_NO_STORAGE);
		}
	} else if (follows_http(config) && !(chance && passed_over(c, s, config, direction))) {
		follow(c, s, config);
	}
	if ((config->flags & SP_CONFIG_BY_CHANCE) && !c->endpoints.protocol)
		check_asking(c, direction);
	if (c->endpoints.closing && is_open(c))
		sp_defer_close(c, s);
	release_conn(c);
	return 0;
}

/* The peer of what is received is not in user memory yet. */
SEC(SP_IO_HOOK)
int sp_protocol_datagram(__u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct trace_config *config = config_at_hand();
	struct scratch *s = scratch_at_hand(ctx);
	struct conn *c;

	if (!s || !config) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
	c = conn_at_hand(ctx, s);
	if (!c)
		return 0;
	user_buffer(c, s, task, 0);
	s->peer = s->direction == SP_EGRESS ? user_peer(s, task) : 0;
	sp_datagram(c, s, config);
	return 0;
}

SEC(SP_IO_HOOK)
int BPF_PROG(sp_protocol_http, struct sock *sk, int length, int flags)
{
	return on_io(ctx, sk, length, flags);
}

/* All that a thread pays whose cgroup nobody selected; else working memory is taken for the direction, by which it is known from here on. */
static __always_inline int begin_io(void *ctx, struct sock *sk, enum sp_context context, int length, int flags)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct scratch *s;

	if (has_no_storage(task->cgroups->dfl_cgrp) || length < 0 || (flags & (MSG_PEEK | MSG_OOB | MSG_ERRQUEUE)))
		return 0;
	if (sk->__sk_common.skc_family != AF_INET && sk->__sk_common.skc_family != AF_INET6)
		return 0;
	s = scratch_of(context);
	if (!s)
		return 0;
	leave_to(s, ctx);
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_HTTP);
	s->caller = 0;
	return 0;
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(sp_send, struct sock *sk, int length, int flags)
{
	return begin_io(ctx, sk, SP_CONTEXT_SEND, length, 0);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(sp_recv, struct sock *sk, int length, int flags)
{
	return begin_io(ctx, sk, SP_CONTEXT_IO, length, flags);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(sp_set_state, struct sock *sk, int old, int state)
{
	struct conn *c;
	struct scratch *s;

	if (!ends_connection(sk, state))
		return 0;
	c = bpf_sk_storage_get(&sp_conns, sk, 0, 0);
	s = scratch_of(SP_CONTEXT_STATE);
	if (c && s)
		socket_closed(c, s, sk);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(sp_cgroup_mkdir, struct cgroup *made, const char *path)
{
	struct cgroup *parent = bpf_cgroup_ancestor(made, made->level - 1);
	struct trace_config *config;

	if (!parent)
		return 0;
	config = bpf_cgrp_storage_get(&sp_config, parent, 0, 0);
	if (config) {
		bpf_cgrp_storage_get(&sp_config, made, config, BPF_LOCAL_STORAGE_GET_F_CREATE);
		tell_cgroup(made->kn->id, parent->kn->id, path, 0);
	}
	bpf_cgroup_release(parent);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(sp_cgroup_rmdir, struct cgroup *removed, const char *path)
{
	if (bpf_cgrp_storage_get(&sp_config, removed, 0, 0))
		tell_cgroup(removed->kn->id, 0, path, 1);
	return 0;
}
