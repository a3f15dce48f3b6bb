/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Go's crypto/tls. Its own stack moves and its calls may return on another thread: what is needed is taken in one place, without a return probe. */
#pragma once

static __always_inline int on_go(struct pt_regs *ctx, __u64 conn, __u64 length, __u8 direction)
{
	struct tls_call *call;

	if (!is_on(config_at_hand()) || bpf_get_current_pid_tgid() >> 32 == sp_agent_pid || (__s64)length <= 0)
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
	call->finder = SP_FIND_GO;
	call->carrier = 0;
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_PLAINTEXT);
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

	if (!is_on(config_at_hand()) || !goroutine_at_hand(&handed.by)) {
		SP_STAY_ON_STACK(ctx, &sp_protocols);
		return 0;
	}
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
