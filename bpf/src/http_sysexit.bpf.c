// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Backend for Linux before 6.3: the exit of system calls; the socket is found through the file table, so its state is kept by its address. */
#define SP_BACKEND_SYSEXIT
#define SP_DATAGRAMS
#include "http.h"
#include "buffer.h"
#include "descriptor.h"
#include "settings.h"
#include "way.h"
#include "datagram.h"

/* Another socket may have had this address before. A port that TCP has given back already is 0: what is left to be read and written belongs to its old connection. */
static __always_inline int is_same(const struct conn *c, struct sock *sk)
{
	__u16 local = BPF_CORE_READ(sk, __sk_common.skc_num);

	if (c->endpoints.remote_port != __builtin_bswap16(BPF_CORE_READ(sk, __sk_common.skc_dport)))
		return 0;
	return c->endpoints.local_port == local || !local;
}

static __noinline struct conn *conn_of(struct sock *sk, struct scratch *s)
{
	__u64 key = (__u64)sk;
	struct conn *c = bpf_map_lookup_elem(&sp_conns, &key);

	if (c && is_same(c, sk))
		return c;
	bpf_map_update_elem(&sp_conns, &key, &s->conn, BPF_ANY);
	c = bpf_map_lookup_elem(&sp_conns, &key);
	if (c)
		begin_conn(c, sk, s->now);
	else
		count(SP_LOST_NO_STORAGE);
	return c;
}

/* What the hook found, for the program of a protocol that it went on to. */
static __always_inline struct conn *conn_at_hand(__u64 *ctx, struct scratch *s)
{
	return bpf_map_lookup_elem(&sp_conns, &s->socket);
}

/* Of the internet's sockets: TCP, MPTCP, UDP; else 0. */
static __noinline int protocol_of_socket(struct sock *sk)
{
	__u16 protocol = BPF_CORE_READ(sk, sk_protocol), family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return 0;
	return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP || protocol == IPPROTO_UDP ? protocol : 0;
}

static __noinline __u32 sequence_of(struct sock *sk, __u8 direction)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	return direction == SP_EGRESS ? BPF_CORE_READ(tcp, write_seq) : BPF_CORE_READ(tcp, copied_seq);
}

static __noinline int is_nonblocking(struct sock *sk)
{
	return !!(BPF_CORE_READ(sk, sk_socket, file, f_flags) & O_NONBLOCK);
}

/* s->io.total bytes were transferred. 0, or the protocol whose program has to go on, with the connection taken. Not inlined: sendmmsg, whose calls are deeper, does without its frame. */
static __noinline int on_io(struct trace_config *config, struct scratch *s, struct sock *sk, __u8 direction, int flags)
{
	__u64 length = s->io.total;
	struct conn *c;
	int chance = 0;

	if (flags & (MSG_PEEK | MSG_OOB | MSG_ERRQUEUE))
		return 0;
	c = conn_of(sk, s);
	if (!c || is_unwanted(c, config) || is_left_alone(c))
		return 0;
	if ((config->flags & SP_CONFIG_BY_CHANCE) && length) {
		chance = is_told_by_bytes(c, config);
		if (!chance && passed_over(c, s, config, direction))
			return 0;
	}
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
	s->fin_read = direction == SP_INGRESS && (BPF_CORE_READ(sk, sk_shutdown) & RCV_SHUTDOWN);
	if (BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP)
		check_position(c, s, sequence_of(sk, direction));
	if (direction == SP_INGRESS && (config->roles & (1 << SP_ROLE_CLIENT)))
		s->nonblocking = (flags & MSG_DONTWAIT) || is_nonblocking(sk);
	user_buffer(c, s, bpf_get_current_task_btf(), flags & MSG_TRUNC);
	if (direction == SP_EGRESS)
		note_reset(c, sk);
	if (c->endpoints.closing)
		sp_resume(c);
	if (protocol_of(c, s, config)) {
		s->socket = (__u64)sk;
		if (c->endpoints.protocol && !is_passed(c, s))
			return c->endpoints.protocol;
	} else if (follows_http(config) && !(chance && passed_over(c, s, config, direction)))
		follow(c, s, config);
	if ((config->flags & SP_CONFIG_BY_CHANCE) && !c->endpoints.protocol)
		check_asking(c, direction);
	if (c->endpoints.closing && is_open(c))
		sp_defer_close(c, s);
	release_conn(c);
	return 0;
}

/* The messages of one sendmmsg or recvmmsg. */
struct batch {
	struct trace_config *config;
	struct scratch *scratch;
	struct conn *conn;
	__u64 array;
};

static long one_message(__u64 index, struct batch *b)
{
	struct scratch *s = b->scratch;
	struct user_message *message = &s->message;

	if (bpf_probe_read_user(message, sizeof(*message), (void *)(b->array + index * sizeof(*message)))) {
		count(SP_LOST_READ_FAULT);
		return 1;
	}
	s->io.total = message->returned;
	vector_buffer(s, message->segments, message->segment_count);
	if (message->returned)
		follow(b->conn, s, b->config);
	return 0;
}

static __noinline int on_batch(struct trace_config *config, struct scratch *s, struct sock *sk, __u8 direction, __u32 messages)
{
	struct batch b = { .config = config, .scratch = s, .array = s->io.vector };

	b.conn = conn_of(sk, s);
	if (!b.conn)
		return 0;
	if ((config->flags & SP_CONFIG_BY_CHANCE) && messages && passed_over(b.conn, s, config, direction))
		return 0;
	if (!take_conn(b.conn)) {
		count(SP_LOST_BUSY);
		return 0;
	}
	s->direction = direction;
	b.conn->stream[direction].positioned = 0;
	if (b.conn->endpoints.protocol)
		sp_give_up(b.conn, s, SP_LOST_SYSCALL); /* no client of these protocols sends so */
	else
		bpf_loop(messages, one_message, &b, 0);
	if (config->flags & SP_CONFIG_BY_CHANCE)
		check_asking(b.conn, direction);
	release_conn(b.conn);
	return 0;
}

struct datagrams {
	struct trace_config *config;
	struct scratch *scratch;
	struct conn *conn;
	__u64 array;
};

static long each_datagram(__u64 index, struct datagrams *d)
{
	struct scratch *s = d->scratch;
	struct user_message *message = &s->message;

	if (bpf_probe_read_user(message, sizeof(*message), (void *)(d->array + index * sizeof(*message)))) {
		count(SP_LOST_READ_FAULT);
		return 1;
	}
	s->io.total = message->returned;
	s->peer = message->name;
	vector_buffer(s, message->segments, message->segment_count);
	sp_datagram(d->conn, s, d->config);
	return 0;
}

SEC(SP_IO_HOOK)
int sp_protocol_datagram(__u64 *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct datagrams d = { .config = config_at_hand(), .scratch = scratch_of(SP_CONTEXT_IO) };

	if (!d.scratch || !d.config) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
	d.conn = conn_at_hand(ctx, d.scratch);
	if (!d.conn)
		return 0;
	if (d.scratch->messages) {
		d.array = d.scratch->io.vector;
		bpf_loop(d.scratch->messages, each_datagram, &d, 0);
		return 0;
	}
	user_buffer(d.conn, d.scratch, task, 0);
	d.scratch->peer = user_peer(d.scratch, task);
	sp_datagram(d.conn, d.scratch, d.config);
	return 0;
}

/* Whether the socket's datagrams are followed. Not inlined, like the above. */
static __noinline int begin_datagrams(struct trace_config *config, struct scratch *s, struct sock *sk, int way)
{
	struct conn *c = conn_of(sk, s);

	if (!c || is_unwanted(c, config))
		return 0;
	s->direction = way == SP_WAY_OUT || way == SP_WAY_MANY_OUT ? SP_EGRESS : SP_INGRESS;
	s->socket = (__u64)sk;
	s->nonblocking = is_nonblocking(sk);
	return 1;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(sp_sys_exit, struct pt_regs *regs, long result)
{
	unsigned long call = sp_call_of(regs);
	int way = way_of(call), flags = 0;
	struct trace_config *config;
	struct task_struct *task;
	struct scratch *s;
	struct sock *sk;
	__u32 fd = sp_first(regs), protocol, ip;
	__u64 cgroup_id;

	if (!way || result < 0 || sp_is_compat(regs))
		return 0;
	cgroup_id = bpf_get_current_cgroup_id();
	config = bpf_map_lookup_elem(&sp_config, &cgroup_id);
	if (!is_on(config))
		return 0;
	task = bpf_get_current_task_btf();
	sk = sock_of(task, fd);
	if (way == SP_WAY_SPLICE) {
		way = sk ? SP_WAY_IN : SP_WAY_OUT;
		if (!sk)
			sk = sock_of(task, sp_third(regs));
	}
	s = scratch_of(SP_CONTEXT_IO);
	if (!s || !sk)
		return 0;
	ip = protocol_of_socket(sk);
	if (!ip || (ip == IPPROTO_UDP && !is_for_datagrams(config, ip)))
		return 0;
	s->now = bpf_ktime_get_ns();
	s->thread = bpf_get_current_pid_tgid();
	s->cgroup_id = cgroup_id;
	s->carrier = (__u64)sk;
	if (ip == IPPROTO_UDP) {
		if (!result || !begin_datagrams(config, s, sk, way))
			return 0;
		s->io.total = result;
		s->io.vector = sp_second(regs);
		s->messages = way == SP_WAY_MANY_IN || way == SP_WAY_MANY_OUT ? result : 0;
		if ((call == SP_CALL_RECVFROM && (sp_fourth(regs) & MSG_PEEK)) || (call == SP_CALL_RECVMSG && (sp_third(regs) & MSG_PEEK)))
			return 0;
		bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_DATAGRAM);
		return 0;
	}
	if (way == SP_WAY_MANY_IN || way == SP_WAY_MANY_OUT) {
		s->io.vector = sp_second(regs);
		return on_batch(config, s, sk, way == SP_WAY_MANY_OUT, result);
	}
	if (call == SP_CALL_RECVFROM)
		flags = sp_fourth(regs);
	else if (call == SP_CALL_RECVMSG)
		flags = sp_third(regs);
	s->io.total = result;
	protocol = on_io(config, s, sk, way == SP_WAY_IN ? SP_INGRESS : SP_EGRESS, flags);
	if (protocol) {
		struct conn *c;

		bpf_tail_call(ctx, &sp_protocols, program_of(protocol));
		c = conn_at_hand(0, s);
		if (c)
			release_conn(c);
	}
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(sp_set_state, struct sock *sk, int old, int state)
{
	__u64 key = (__u64)(long)ctx[0];
	struct scratch *s;
	struct conn *c;

	if (!ends_connection(sk, state))
		return 0;
	c = bpf_map_lookup_elem(&sp_conns, &key);
	s = scratch_of(SP_CONTEXT_STATE);
	if (c && s)
		socket_closed(c, s, sk);
	return 0;
}

/* Its owner has let go of it, too: after a reset that is later than TCP's end, and no change of state. */
SEC("tp_btf/tcp_destroy_sock")
int BPF_PROG(sp_destroy, struct sock *sk)
{
	__u64 key = (__u64)(long)ctx[0];

	bpf_map_delete_elem(&sp_conns, &key);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int BPF_PROG(sp_cgroup_mkdir, struct cgroup *made, const char *path)
{
	__u64 id = BPF_CORE_READ(made, kn, id), parent = 0;
	struct trace_config *config;

	parent = parent_id(made);
	config = bpf_map_lookup_elem(&sp_config, &parent);
	if (!config)
		return 0;
	bpf_map_update_elem(&sp_config, &id, config, BPF_ANY);
	tell_cgroup(id, parent, path, 0);
	return 0;
}

SEC("tp_btf/cgroup_rmdir")
int BPF_PROG(sp_cgroup_rmdir, struct cgroup *removed, const char *path)
{
	__u64 id = BPF_CORE_READ(removed, kn, id);

	if (!bpf_map_delete_elem(&sp_config, &id))
		tell_cgroup(id, 0, path, 1);
	return 0;
}
