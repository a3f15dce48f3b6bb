// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* TLS beside http_socklen. */
#define SP_BACKEND_SOCKLEN
#include "tls.h"
#include "go.h"

SEC("tp_btf/sock_send_length")
int BPF_PROG(sp_tls_send, struct sock *sk, int length, int flags)
{
	return note_socket((__u64)(long)ctx[0], SP_EGRESS, length);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(sp_tls_recv, struct sock *sk, int length, int flags)
{
	return flags & MSG_PEEK ? 0 : note_socket((__u64)(long)ctx[0], SP_INGRESS, length);
}
