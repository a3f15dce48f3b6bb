/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Go's crypto/tls. Its own stack moves and its calls may return on another thread: what is needed is taken in one place, without a return probe. */
#pragma once

/* In internal/poll.FD: the descriptor behind a lock of 16 bytes, and three booleans that tell it from anything else. */
#define SP_GO_DESCRIPTOR 16
#define SP_GO_STREAM 48
/* Connections wrapped in others that begin with the inner one. */
#define SP_GO_WRAPPED 3

struct go_interface {
	__u64 type;
	__u64 data;
};

/* The socket of a tls.Conn, whose first field is the net.Conn that carries it. */
static __noinline __u64 go_socket(__u64 conn)
{
	for (int i = 0; i < SP_GO_WRAPPED; i++) {
		struct go_interface inner;
		__u64 descriptor;
		__u8 marks[4];
		__u32 fd;

		if (bpf_probe_read_user(&inner, sizeof(inner), (void *)conn) || bpf_probe_read_user(&descriptor, 8, (void *)inner.data))
			return 0;
		if (!bpf_probe_read_user(marks, 4, (void *)(descriptor + SP_GO_STREAM)) && marks[0] == 1 && marks[1] == 1 && marks[2] == 0 &&
		    !bpf_probe_read_user(&fd, 4, (void *)(descriptor + SP_GO_DESCRIPTOR)))
			return (__u64)sock_of(bpf_get_current_task_btf(), fd);
		conn = inner.data;
	}
	return 0;
}

static __always_inline int on_go(struct pt_regs *ctx, __u64 conn, __u64 length, __u8 direction)
{
	struct trace_config *config = config_at_hand();
	struct session_key key = key_of(conn);
	struct session *session;
	struct tls_call *call;

	if (!is_on(config) || key.process == sp_agent_pid || (__s64)length <= 0)
		return 0;
	call = current_call(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	call->object = conn;
	call->buffer = sp_go_second(ctx);
	call->segments = 0;
	call->length = length;
	call->direction = direction;
	session = bpf_map_lookup_elem(&sp_sessions, &key);
	call->carrier = session && session->socket ? 0 : go_socket(conn);
	call->certain = 1;
	bpf_tail_call(ctx, &sp_meeting, 0);
	return 0;
}

/* (*tls.Conn).Write(b): conn, and the slice's address, length and capacity. */
SEC("uprobe")
int sp_go_write(struct pt_regs *ctx)
{
	return on_go(ctx, sp_go_first(ctx), sp_go_third(ctx), SP_EGRESS);
}

/* In (*tls.Conn).Read, where plaintext is copied to the caller's slice: to, from, length. The conn is in the frame, the cookie says where. */
SEC("uprobe")
int sp_go_read(struct pt_regs *ctx)
{
	__u64 conn;

	if (bpf_probe_read_user(&conn, sizeof(conn), (void *)(sp_stack(ctx) + bpf_get_attach_cookie(ctx))))
		return 0;
	return on_go(ctx, conn, sp_go_third(ctx), SP_INGRESS);
}

/* In net/http.persistConn: the connection, an interface, behind the transport and the key of its cache, as in Go 1.26. Where another version has it elsewhere, what stands here leads to no descriptor, and nothing is noted. */
#define SP_GO_PERSISTENT_CONN 80

/* (*net/http.persistConn).roundTrip(request): the caller's goroutine is about to hand it over to the one that writes on the connection. */
SEC("uprobe")
int sp_go_hand_over(struct pt_regs *ctx)
{
	struct handed handed = {};
	struct task_context *served;
	__u64 socket;

	if (!is_on(config_at_hand()) || !goroutine_at_hand(&handed.by))
		return 0;
	socket = go_socket(sp_go_first(ctx) + SP_GO_PERSISTENT_CONN);
	if (!socket)
		return 0;
	served = bpf_map_lookup_elem(&sp_goroutines, &handed.by);
	if (served && served->span_id) {
		handed.span_id = served->span_id;
		bpf_map_update_elem(&sp_handed, &socket, &handed, BPF_ANY);
	} else {
		bpf_map_delete_elem(&sp_handed, &socket);
	}
	return 0;
}
