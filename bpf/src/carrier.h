/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which socket carries a session, where the library's object names it. */
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

/* BIO_TYPE_SOCKET: the kind of a BIO's method, which begins with it. */
#define SP_OPENSSL_SOCKET 0x505

static __always_inline int is_socket_method(__u64 method)
{
	__u32 type;

	return method && !bpf_probe_read_user(&type, sizeof(type), (void *)method) && type == SP_OPENSSL_SOCKET;
}

/*
 * The descriptor in a BIO of a socket: of 3.x, where something is before the method, then of 1.1. BIOs of other kinds that have a descriptor in the same place are believed only where this thread
 * has just received ciphertext from the socket that it names.
 */
static __noinline __u64 openssl_socket(__u64 object, __u64 bio_at, __u64 source)
{
	__u64 bio, methods[2], newer, older;
	__u32 numbers[3]; /* 0x30, 0x34, 0x38 */

	if (!bio_at || bpf_probe_read_user(&bio, sizeof(bio), (void *)(object + bio_at)) ||
	    bpf_probe_read_user(methods, sizeof(methods), (void *)bio) || bpf_probe_read_user(numbers, sizeof(numbers), (void *)(bio + 0x30)))
		return 0;
	newer = (__u64)sock_of(bpf_get_current_task_btf(), numbers[2]);
	if (newer && (newer == source || is_socket_method(methods[1])))
		return newer;
	older = (__u64)sock_of(bpf_get_current_task_btf(), numbers[0]);
	return older && (older == source || is_socket_method(methods[0])) ? older : 0;
}

/* Of a session of which it is not known yet. */
static __noinline int find_carrier(struct tls_call *call)
{
	__u64 socket = 0;

	if (call->finder == SP_FIND_GO)
		socket = go_socket(call->object);
	else if (call->finder == SP_FIND_BIO)
		socket = openssl_socket(call->object, call->finder_at, call->source);
	if (socket) {
		call->carrier = socket;
		call->certain = 1;
	}
	return 0;
}
