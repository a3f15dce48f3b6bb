// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Included behind native.c: transfers on one socket of the kernel there. */
#include <stdio.h>

#define EXPECT(condition)                                                                        \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                 \
		}                                                                                \
	} while (0)

enum { MOST_SEGMENTS = 4, LONGEST_VECTOR = 33, FLAT = 0, VECTOR, FAULTING, PEEKED, OPAQUE_CALL, GAP, CLOSE, FLUSH, FORGET, KINDS };

/* Of a VECTOR: as many bytes in each range, and the rest in the last; what is not needed is a reader's room, which nobody has touched. 0: all ranges are alike. */
static __u32 range_bytes;
static __u64 given; /* bytes of all transfers and gaps so far */
static struct net net_space = { .ns = { .inum = 1 } };
static struct {
	struct sock sock;
	struct tcp_sock room; /* bpf_rdonly_cast gives the socket itself */
} both;

/* Which protocols are traced, and how: enum sp_config_flag. */
static void configure_for(__u32 protocols, __u32 flags, __u16 capture)
{
	struct trace_config config = {
		.generation = 1,
		.flags = SP_CONFIG_ENABLED | SP_CONFIG_KEEP_ERRORS | flags,
		.protocols = protocols,
		.roles = 1 << SP_ROLE_SERVER | 1 << SP_ROLE_CLIENT,
		.search_bytes = 4096,
		.capture_bytes = capture,
		.server_error_from = 500,
		.client_error_from = 400,
	};

	native_storage(&sp_config, &native_cgroup, &config, 1);
}

/* Everything begins anew, with a socket that nobody has used. */
static void begin_talk(void)
{
	native_begin();
	given = 0;
	memset(&both, 0, sizeof(both));
	both.sock.__sk_common.skc_family = AF_INET;
	both.sock.__sk_common.skc_net.net = &net_space;
	both.sock.sk_protocol = IPPROTO_TCP;
}

static void set_call(unsigned long call, const void *second, unsigned long third)
{
	native_regs.orig_ax = call;
	native_regs.si = (unsigned long)second;
	native_regs.dx = third;
}

/* The bytes in a block of their own, so that reading past them is seen. */
static void transfer(int kind, int outwards, const __u8 *bytes, __u64 length)
{
	struct iovec_user segments[LONGEST_VECTOR];
	__u64 ranges = range_bytes ? LONGEST_VECTOR : MOST_SEGMENTS;
	char *copy = malloc(length + 1);
	__u64 ctx[3] = { (__u64)&both, length };

	if (outwards && kind == PEEKED)
		kind = FLAT;
	ctx[2] = kind == PEEKED ? MSG_PEEK : 0;
	memcpy(copy, bytes, length);
	native_no_user();
	native_user(copy, length);
	set_call(outwards ? SP_CALL_WRITE : SP_CALL_READ, copy, length);
	if (kind == VECTOR) {
		for (__u64 i = 0, from = 0, to; i < ranges; i++, from = to) {
			to = !range_bytes || i + 1 == ranges ? length * (i + 1) / ranges : from + range_bytes < length ? from + range_bytes : length;
			segments[i] = (struct iovec_user){ (__u64)copy + from, to - from };
			if (!outwards && from == length)
				segments[i] = (struct iovec_user){ 0, SP_BLOCK };
		}
		native_user(segments, ranges * sizeof(*segments));
		set_call(outwards ? SP_CALL_WRITEV : SP_CALL_READV, segments, ranges);
	} else if (kind == FAULTING) {
		native_no_user();
	} else if (kind == OPAQUE_CALL) {
		native_regs.orig_ax = SP_CALL_SENDFILE;
	}
	if (kind != PEEKED) {
		given += length;
		if (outwards)
			((struct tcp_sock *)&both)->write_seq += length;
		else
			((struct tcp_sock *)&both)->copied_seq += length;
		given += length; /* they count with the body that they are in the middle of */
	}
	if (outwards)
		sp_send(ctx);
	else
		sp_recv(ctx);
	free(copy);
}
