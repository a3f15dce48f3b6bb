/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rustls 0.23, where its two functions that plaintext passes through are not inlined. Both belong to the connection's CommonState, their first argument, and are behind all
 * kinds of readers and writers; what passes is an enumeration behind the second one.
 */
#pragma once

/* Payload: a vector, or borrowed bytes with a mark for its capacity. */
struct rustls_payload {
	__u64 capacity;
	__u64 at;
	__u64 length;
};

/* OutboundChunks: a zero and one slice, or an array of slices and which of their bytes. */
struct rustls_chunks {
	__u64 array;
	__u64 at; /* of an array: its length */
	__u64 length; /* of an array: where it begins */
	__u64 to;
};

/*
 * The state is moved, out of what accepted the connection for example, and another connection's may be where it was. The encrypter stays where it was made until the keys change, and
 * how far behind the state its address is, is the probe's cookie.
 */
static __always_inline struct tls_call *begin_rustls(struct pt_regs *ctx)
{
	struct tls_call *call = begin_call(ctx);
	__u64 encrypter;

	if (!call || bpf_probe_read_user(&encrypter, sizeof(encrypter), (void *)(call->object + (bpf_get_attach_cookie(ctx) >> 40))))
		return 0;
	/* Before there are keys the box is of nothing, and its address an alignment. */
	if (encrypter <= sizeof(encrypter)) {
		count(SP_LOST_GAP);
		return 0;
	}
	call->object = encrypter;
	return call;
}

/* buffer_plaintext(state, chunks, …) begins; how much is taken is its result. */
SEC("uprobe")
int sp_rustls_write(struct pt_regs *ctx)
{
	struct tls_call *call = begin_rustls(ctx);
	struct rustls_chunks chunks;

	if (!call || bpf_probe_read_user(&chunks, sizeof(chunks), (void *)sp_function_second(ctx)))
		return 0;
	if (!chunks.array) {
		call->buffer = chunks.at;
		call->size = chunks.length;
	} else if (!chunks.length) {
		call->buffer = chunks.array;
		call->segments = chunks.at;
		call->size = chunks.to;
	} else {
		return 0;
	}
	call->inside = 1;
	return 0;
}

/* take_received_plaintext(state, payload): it is there. */
SEC("uprobe")
int sp_rustls_read(struct pt_regs *ctx)
{
	struct tls_call *call = begin_rustls(ctx);
	struct rustls_payload payload;
	__u64 feeder;

	if (!call || bpf_probe_read_user(&payload, sizeof(payload), (void *)sp_function_second(ctx)) || (__s64)payload.length <= 0)
		return 0;
	feeder = feeding_socket(call, payload.length);
	call->buffer = payload.at;
	call->length = payload.length;
	call->direction = SP_INGRESS;
	call->carrier = feeder;
	call->certain = 0;
	bpf_tail_call(ctx, &sp_protocols, SP_PROGRAM_PLAINTEXT);
	return 0;
}
