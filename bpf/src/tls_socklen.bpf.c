// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* TLS beside http_socklen. */
#define SP_BACKEND_SOCKLEN
#include "tls.h"
#include "go.h"
#include "openssl.h"
#include "rustls.h"

static __always_inline int note(__u64 *ctx, struct sock *sk, __u8 direction, int length)
{
	struct tls_call *call = current_call(0);

	if (!call || length <= 0)
		return 0;
	return note_socket(call, (__u64)(long)ctx[0], call->inside ? 0 : bpf_sk_storage_get(&sp_conns, sk, 0, 0), direction, length);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(sp_tls_send, struct sock *sk, int length, int flags)
{
	return note(ctx, sk, SP_EGRESS, length);
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(sp_tls_recv, struct sock *sk, int length, int flags)
{
	return flags & MSG_PEEK ? 0 : note(ctx, sk, SP_INGRESS, length);
}
