/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* OpenSSL where it copies plaintext to who reads: the only stop of a read, and none of a call that finds nothing. */
#pragma once

/* Of the frame of ssl3_read_bytes, read at once. */
#define SP_OPENSSL_WINDOW 64
#define SP_OPENSSL_DATA 23 /* the type of record that is asked for */

/* The call in ssl3_read_bytes that copies: to, from, length. The cookie says where in the frame the object, the type that is asked for and whether it is only peeked at are, and where the object names its BIO. */
SEC("uprobe")
int sp_openssl_read(struct pt_regs *ctx)
{
	struct trace_config *config = config_at_hand();
	__u64 cookie = bpf_get_attach_cookie(ctx), feeder;
	__u64 pairs[SP_OPENSSL_WINDOW / 8];
	__u32 *words = (__u32 *)pairs;
	__s64 length = sp_function_third(ctx);
	struct tls_call *call;

	if (!is_on(config) || bpf_get_current_pid_tgid() >> 32 == sp_agent_pid || length <= 0)
		return 0;
	if (bpf_probe_read_user(pairs, sizeof(pairs), (void *)(sp_stack(ctx) + (cookie & 0xffff))))
		return 0;
	if (words[(cookie >> 26) & 15] != SP_OPENSSL_DATA || words[(cookie >> 34) & 15])
		return 0;
	call = current_call(BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!call) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	call->object = pairs[(cookie >> 19) & 7];
	call->buffer = sp_function_second(ctx);
	call->segments = 0;
	call->length = length;
	call->direction = SP_INGRESS;
	feeder = feeding_socket(call, length);
	call->carrier = feeder;
	call->certain = 0;
	call->finder = SP_FIND_BIO;
	call->finder_at = cookie >> 40;
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_PLAINTEXT);
	return 0;
}
