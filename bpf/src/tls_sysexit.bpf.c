// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* TLS beside http_sysexit. */
#define SP_BACKEND_SYSEXIT
#include "tls.h"
#include "way.h"
#include "go.h"
#include "openssl.h"
#include "rustls.h"

SEC("tp_btf/sys_exit")
int BPF_PROG(sp_tls_exit, struct pt_regs *regs, long result)
{
	struct tls_call *call = current_call(0);
	__u64 socket;
	int way;

	if (!call || result <= 0 || sp_is_compat(regs))
		return 0;
	way = way_of(sp_call_of(regs));
	if (way != SP_WAY_IN && way != SP_WAY_OUT)
		return 0;
	socket = (__u64)sock_of(bpf_get_current_task_btf(), sp_first(regs));
	return note_socket(call, socket, call->inside ? 0 : bpf_map_lookup_elem(&sp_conns, &socket), way == SP_WAY_OUT ? SP_EGRESS : SP_INGRESS,
			   result);
}
