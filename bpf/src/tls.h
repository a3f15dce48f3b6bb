/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The plaintext of TLS libraries, joined to the data path of their sockets. Probes note a call and take what it moved when it returns; which socket carries a session is what
 * the thread itself uses inside the call, or right around it where the library reads and writes memory only.
 */
#pragma once

#define SP_TLS
#define SP_SCRATCHES (SP_CONTEXT_FIRST_CALL + SP_CALL_CONTEXTS)
#include "http.h"
#include "buffer.h"
#include "descriptor.h"
#include "settings.h"
#include "../maps/sessions.h"
#include "carrier.h"

const enum sp_tls_cookie _tls_cookie __attribute__((unused));

static __always_inline struct tls_call *current_call(__u64 flags)
{
	return bpf_task_storage_get(&sp_calls, bpf_get_current_task_btf(), 0, flags);
}

static __always_inline struct scratch *scratch_at_hand(__u64 *ctx)
{
	struct tls_call *call = current_call(0);

	return call ? scratch_of(call->context) : 0;
}

static __always_inline void release_scratch(struct scratch *s)
{
	__sync_lock_test_and_set(&s->taken, 0);
}

/* Working memory of its own for this run: the processor stays the same, but another thread may come in between. */
static __always_inline struct scratch *take_scratch(struct tls_call *call)
{
	for (__u32 i = 0; i < SP_CALL_CONTEXTS; i++) {
		struct scratch *s = scratch_of(SP_CONTEXT_FIRST_CALL + i);

		if (s && !__sync_val_compare_and_swap(&s->taken, 0, 1)) {
			call->context = SP_CONTEXT_FIRST_CALL + i;
			return s;
		}
	}
	count(SP_LOST_BUSY);
	return 0;
}

static __always_inline struct session_key key_of(__u64 object)
{
	struct session_key key = { .object = object, .process = bpf_get_current_pid_tgid() >> 32 };

	return key;
}

static __always_inline struct conn *conn_at_hand(__u64 *ctx, struct scratch *s)
{
	struct session_key key = key_of(s->socket);
	struct session *session = bpf_map_lookup_elem(&sp_sessions, &key);

	return session ? &session->conn : 0;
}

/* This socket carries the session. */
__noinline int sp_learn(struct session *session, const struct session_key *key, __u64 socket)
{
	struct sock *sk = (struct sock *)socket;
	struct session_key value;
	__u16 protocol;

	if (!session || !key || !socket || session->socket == socket)
		return 0;
	protocol = BPF_CORE_READ(sk, sk_protocol);
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_MPTCP)
		return 0;
	if (!session->socket) {
		count(SP_COUNT_DECRYPTED);
	} else {
		/* The object was given another connection. */
		unsync(&session->conn);
		session->conn.endpoints.role = SP_ROLE_NONE;
		session->conn.endpoints.protocol = SP_PROTOCOL_NONE;
	}
	session->socket = socket;
	session->nonblocking = !!(BPF_CORE_READ(sk, sk_socket, file, f_flags) & O_NONBLOCK);
	session->conn.endpoints.unwanted = 0;
	read_endpoints(&session->conn.endpoints, sk);
	/* The verifier of 6.1 takes no pointer that was a function's argument for a map's value. */
	value = *key;
	bpf_map_update_elem(&sp_carriers, &socket, &value, BPF_ANY);
	return 0;
}

static __noinline struct session *session_of(const struct session_key *key, __u64 now)
{
	static const struct session none;
	struct session *session = bpf_map_lookup_elem(&sp_sessions, key);

	if (session)
		return session;
	bpf_map_update_elem(&sp_sessions, key, &none, BPF_NOEXIST);
	session = bpf_map_lookup_elem(&sp_sessions, key);
	if (!session) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	if (!session->conn.endpoints.id)
		session->conn.endpoints.id = new_connection_id(now) | SP_ID_TLS;
	session->nonblocking = 1;
	return session;
}

/* Whether a session may be taken to be carried by a socket that was used around the call: certain only while no other claims it. */
static __always_inline int is_free(__u64 socket)
{
	return !bpf_map_lookup_elem(&sp_carriers, &socket);
}

/* The socket that its ciphertext goes out on next may be the session's. */
static __always_inline void await_ciphertext(struct tls_call *call)
{
	if (call->wrote != call->object)
		call->wrote_bytes = 0;
	call->wrote = call->object;
	call->wrote_bytes += call->length;
}

/* Plaintext passed: `call` says what and where. */
static __always_inline int on_plaintext(void *ctx, struct tls_call *call, struct trace_config *config)
{
	struct session_key key = key_of(call->object);
	__u8 direction = call->direction;
	struct scratch *s = take_scratch(call);
	struct session *session;
	struct conn *c;
	int chance = 0;

	if (!s)
		return 0;
	s->now = bpf_ktime_get_ns();
	session = session_of(&key, s->now);
	if (!session)
		goto out;
	if (!session->socket)
		find_carrier(call);
	if (call->carrier && (call->certain || (!session->socket && is_free(call->carrier))))
		sp_learn(session, &key, call->carrier);
	if (!session->socket && call->direction == SP_EGRESS && call->finder != SP_FIND_GO)
		await_ciphertext(call);
	c = &session->conn;
	if (is_unwanted(c, config))
		goto out;
	if (config->flags & SP_CONFIG_BY_CHANCE) {
		chance = is_told_by_bytes(c, config);
		if (!chance && passed_over(c, s, config, direction))
			goto out;
	}
	if (!take_conn(c)) {
		count(SP_LOST_BUSY);
		goto out;
	}
	s->direction = direction;
	s->thread = bpf_get_current_pid_tgid();
	s->cgroup_id = bpf_get_current_cgroup_id();
	s->io.total = call->length;
	s->carrier = session->socket;
	s->fin_read = 0;
	s->nonblocking = session->nonblocking;
	if (call->segments)
		vector_buffer(s, call->buffer, call->segments);
	else
		flat_buffer(s, call->buffer);
	if (c->endpoints.closing)
		sp_resume(c);
	if (protocol_of(c, s, config)) {
		s->socket = call->object;
		if (c->endpoints.protocol) {
			bpf_tail_call(ctx, &sp_protocols, program_of(c->endpoints.protocol));
			count(SP_LOST_NO_STORAGE);
		}
	} else if (follows_http(config) && !(chance && passed_over(c, s, config, direction))) {
		follow(c, s, config);
	}
	if (config->flags & SP_CONFIG_BY_CHANCE)
		check_asking(c, direction);
	if (c->endpoints.closing && is_open(c))
		sp_defer_close(c, s);
	release_conn(c);
out:
	release_scratch(s);
	return 0;
}

/* Where the probes of all libraries meet, so that the data path is verified once. */
SEC("uprobe")
int sp_protocol_plaintext(void *ctx)
{
	struct trace_config *config = config_at_hand();
	struct tls_call *call = current_call(0);

	return call && config ? on_plaintext(ctx, call, config) : 0;
}

/* A call for the object that is its first argument begins. 0 where nothing is asked for. */
static __always_inline struct tls_call *begin_call(const struct pt_regs *ctx)
{
	struct tls_call *call;

	if (!is_on(config_at_hand()) || bpf_get_current_pid_tgid() >> 32 == sp_agent_pid)
		return 0;
	call = current_call(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	call->object = sp_function_first(ctx);
	call->segments = 0;
	call->socket = 0;
	call->finder = SP_FIND_NOTHING;
	return call;
}

/* A call that moves plaintext begins. */
SEC("uprobe")
int sp_tls_enter(struct pt_regs *ctx)
{
	struct tls_call *call = begin_call(ctx);

	if (!call)
		return 0;
	call->buffer = sp_function_second(ctx);
	call->size = sp_function_third(ctx);
	call->length_at = sp_function_fourth(ctx);
	call->inside = 1;
	return 0;
}

/* How much it moved. */
static __always_inline __s64 moved(const struct pt_regs *ctx, const struct tls_call *call, __u64 cookie)
{
	__s64 length;

	if (!(cookie & SP_TLS_BY_POINTER))
		return cookie & SP_TLS_LONG ? (__s64)sp_function_result(ctx) : (__s32)sp_function_result(ctx);
	if ((__s32)sp_function_result(ctx) <= 0 || bpf_probe_read_user(&length, sizeof(length), (void *)call->length_at))
		return 0;
	return length;
}

/*
 * The socket that a session without one is fed from by way of memory: the only one that the thread received from before the library had what it was asked for. Each call
 * begins a new count.
 */
static __always_inline __u64 feeding_socket(struct tls_call *call, __s64 length)
{
	__u64 socket = 0;

	if (call->sources == 1 && call->received > length)
		socket = call->source;
	else if (!call->sources && call->fed == call->object)
		socket = call->feeder;
	call->sources = 0;
	call->fed = socket ? call->object : 0;
	call->feeder = socket;
	return socket;
}

SEC("uprobe")
int sp_tls_leave(struct pt_regs *ctx)
{
	struct tls_call *call = current_call(0);
	struct trace_config *config = config_at_hand();
	__u64 cookie, feeder = 0;
	__s64 length;

	if (!call || !call->inside)
		return 0;
	call->inside = 0;
	cookie = bpf_get_attach_cookie(ctx);
	call->direction = cookie & SP_TLS_SENDS ? SP_EGRESS : SP_INGRESS;
	length = moved(ctx, call, cookie);
	if (call->direction == SP_INGRESS)
		feeder = feeding_socket(call, length);
	if (length <= 0 || length > call->size || !is_on(config))
		return 0;
	call->length = length;
	call->carrier = call->socket;
	call->certain = !!call->socket;
	if (!call->carrier)
		call->carrier = feeder;
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_PLAINTEXT);
	return 0;
}

/* The object is freed: another connection may have its address. */
SEC("uprobe")
int sp_tls_free(struct pt_regs *ctx)
{
	struct session_key key = key_of(sp_function_first(ctx));
	struct session *session = bpf_map_lookup_elem(&sp_sessions, &key);
	struct tls_call *call;
	struct scratch *s;
	__u64 socket;

	if (!session)
		return 0;
	call = current_call(BPF_LOCAL_STORAGE_GET_F_CREATE);
	s = call ? take_scratch(call) : 0;
	if (!s) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
	socket = session->socket;
	socket_closed(&session->conn, s, (struct sock *)socket);
	release_scratch(s);
	bpf_map_delete_elem(&sp_sessions, &key);
	if (socket)
		bpf_map_delete_elem(&sp_carriers, &socket);
	return 0;
}

/* Whether the hook that follows the socket took its bytes for ciphertext. It is attached first, and runs first. */
static __always_inline int is_ciphertext(const struct conn *c, __u8 direction)
{
	return c && c->stream[direction & 1].state == SP_OPAQUE;
}

/* The thread used a socket: inside a call it is the session's; around one it may be, if its bytes are ciphertext. */
static __always_inline int note_socket(struct tls_call *call, __u64 socket, const struct conn *c, __u8 direction, __s64 length)
{
	if (call->inside) {
		call->socket = socket;
		return 0;
	}
	if (!is_ciphertext(c, direction))
		return 0;
	if (direction == SP_INGRESS) {
		if (!call->sources || call->source != socket) {
			call->sources = call->sources ? 2 : 1;
			call->source = socket;
			call->received = 0;
		}
		call->received += length;
	} else if (call->wrote) {
		struct session_key key = key_of(call->wrote);
		struct session *session = bpf_map_lookup_elem(&sp_sessions, &key);

		/* By way of memory: to the verifier it is a number from there on. */
		call->wrote = 0;
		*(volatile __u64 *)&call->socket = socket;
		socket = *(volatile __u64 *)&call->socket;
		if (session && !session->socket && length > call->wrote_bytes && is_free(socket))
			sp_learn(session, &key, socket);
	}
	return 0;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(sp_tls_state, struct sock *sk, int old, int state)
{
	__u64 socket = (__u64)(long)ctx[0];
	struct session_key *carried, key;
	struct session *session;
	struct scratch *s;

	if (!ends_connection(sk, state))
		return 0;
	carried = bpf_map_lookup_elem(&sp_carriers, &socket);
	s = scratch_of(SP_CONTEXT_STATE);
	if (!carried || !s)
		return 0;
	key = *carried;
	bpf_map_delete_elem(&sp_carriers, &socket);
	session = bpf_map_lookup_elem(&sp_sessions, &key);
	if (!session || session->socket != socket)
		return 0;
	socket_closed(&session->conn, s, sk);
	if (!session->conn.endpoints.closing)
		bpf_map_delete_elem(&sp_sessions, &key);
	return 0;
}
