/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* OpenSSL where it copies plaintext to who reads, and where it makes a record of what is written: the only stops of a call, and none of one that finds nothing. */
#pragma once

/* Of the frame of ssl3_read_bytes, read at once. */
#define SP_OPENSSL_WINDOW 64
#define SP_OPENSSL_DATA 23 /* the type of record that is asked for */

/* Records that one call may make, by as many pipes of a cipher. */
#define SP_OPENSSL_PIPES 32

static __always_inline int on_openssl(struct pt_regs *ctx, __u64 object, __u64 buffer, __s64 length, __u8 direction, __u64 bio_at)
{
	struct tls_call *call = current_call(BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!call) {
		count(SP_LOST_NO_STORAGE);
		return 0;
	}
	call->object = object;
	call->buffer = buffer;
	call->segments = 0;
	call->length = length;
	call->direction = direction;
	call->carrier = direction == SP_INGRESS ? feeding_socket(call, length) : 0;
	call->certain = 0;
	call->finder = SP_FIND_BIO;
	call->finder_at = bio_at;
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_PLAINTEXT);
	return 0;
}

/* The call in ssl3_read_bytes that copies: to, from, length. The cookie says where in the frame the object, the type that is asked for and whether it is only peeked at are, and where the object names its BIO. */
SEC("uprobe")
int sp_openssl_read(struct pt_regs *ctx)
{
	struct trace_config *config = config_at_hand();
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u64 pairs[SP_OPENSSL_WINDOW / 8];
	__u32 *words = (__u32 *)pairs;
	__s64 length = sp_function_third(ctx);

	if (!is_on(config) || bpf_get_current_pid_tgid() >> 32 == sp_agent_pid || length <= 0)
		return 0;
	if (bpf_probe_read_user(pairs, sizeof(pairs), (void *)(sp_stack(ctx) + (cookie & 0xffff))))
		return 0;
	if (words[(cookie >> 26) & 15] != SP_OPENSSL_DATA || words[(cookie >> 34) & 15])
		return 0;
	return on_openssl(ctx, pairs[(cookie >> 19) & 7], sp_function_second(ctx), length, SP_INGRESS, cookie >> 40);
}

/* How much a call of do_ssl3_write makes records of: nearly always one. */
static __always_inline __s64 length_of_records(const struct pt_regs *ctx)
{
	__u64 at = sp_function_fourth(ctx), pipes = sp_function_fifth(ctx);
	__s64 length, sum = 0;

	for (__u32 i = 0; i < SP_OPENSSL_PIPES && i < pipes; i++) {
		if (bpf_probe_read_user(&length, sizeof(length), (void *)(at + 8 * i)))
			return 0;
		sum += length;
	}
	return sum;
}

/*
 * The calls in ssl3_write_bytes that make records: object, type, buffer, and the length, or where lengths are and how many. The cookie says which of both, and where the object names its BIO.
 * What a socket does not take is kept as ciphertext and does not come here again.
 */
SEC("uprobe")
int sp_openssl_write(struct pt_regs *ctx)
{
	struct trace_config *config = config_at_hand();
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__s64 length;

	if (!is_on(config) || bpf_get_current_pid_tgid() >> 32 == sp_agent_pid || (__u32)sp_function_second(ctx) != SP_OPENSSL_DATA)
		return 0;
	length = cookie & SP_TLS_BATCH ? (__s64)sp_function_fourth(ctx) : length_of_records(ctx);
	if (length <= 0)
		return 0;
	return on_openssl(ctx, sp_function_first(ctx), sp_function_third(ctx), length, SP_EGRESS, cookie >> 40);
}
