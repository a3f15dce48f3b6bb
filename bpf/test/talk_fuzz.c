// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Any conversation at all on one socket: the programs of the data path, compiled natively, with every protocol. The input is a script: of each transfer a byte for
 * the kind, two for the length, and the bytes. Nothing reads or writes what it should not, every walk ends, no connection stays taken, and no record is longer than it is.
 */
#include "../src/http_socklen.bpf.c"

#include <stdio.h>

#include "native/native.c"

#define EXPECT(condition)                                                                        \
	do {                                                                                     \
		if (!(condition)) {                                                              \
			fprintf(stderr, "%s:%d: expected %s\n", __FILE__, __LINE__, #condition); \
			abort();                                                                 \
		}                                                                                \
	} while (0)

enum { MOST_SEGMENTS = 4, FLAT = 0, VECTOR, FAULTING, PEEKED, OPAQUE_CALL, GAP, CLOSE, FLUSH, KINDS };

static __u64 given; /* bytes of all transfers and gaps so far */
static struct net net_space = { .ns = { .inum = 1 } };
static struct {
	struct sock sock;
	struct tcp_sock room; /* bpf_rdonly_cast gives the socket itself */
} both;

static void check_record(const void *record, __u64 size)
{
	const struct event_header *header = record;
	const struct exchange_event *exchange = record;

	EXPECT(size >= sizeof(*header) && header->size <= size);
	if (header->type != SP_EVENT_EXCHANGE)
		return;
	EXPECT(size >= sizeof(*exchange) + exchange->head_len);
	EXPECT(exchange->request_bytes <= given && exchange->response_bytes <= given);
	EXPECT(exchange->role == SP_ROLE_SERVER || exchange->role == SP_ROLE_CLIENT);
	EXPECT(exchange->end <= SP_END_LOST);
}

static void configure(__u8 how)
{
	struct trace_config config = {
		.generation = 1,
		.flags = SP_CONFIG_ENABLED | (how & 1 ? SP_CONFIG_METRICS : 0) | SP_CONFIG_KEEP_ERRORS | (how & 2 ? SP_CONFIG_BY_CHANCE : 0),
		.protocols = how & 4 ? ~0U : ~0U << 2,
		.roles = 1 << SP_ROLE_SERVER | 1 << SP_ROLE_CLIENT,
		.search_bytes = 4096,
		.capture_bytes = how & 8 ? 512 : 64,
		.server_error_from = 500,
		.client_error_from = 400,
	};

	native_storage(&sp_config, &native_cgroup, &config, 1);
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
	struct iovec_user segments[MOST_SEGMENTS];
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
		for (int i = 0; i < MOST_SEGMENTS; i++) {
			__u64 from = length * i / MOST_SEGMENTS;

			segments[i] = (struct iovec_user){ (__u64)copy + from, length * (i + 1) / MOST_SEGMENTS - from };
		}
		native_user(segments, sizeof(segments));
		set_call(outwards ? SP_CALL_WRITEV : SP_CALL_READV, segments, MOST_SEGMENTS);
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

static void check_conn(void)
{
	struct conn *c = bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0);

	EXPECT(native_longest_loop <= SP_FRAME_STEPS);
	if (!c)
		return;
	EXPECT(take_conn(c));
	release_conn(c);
}

static void act(int kind, int outwards, const __u8 *bytes, __u64 length)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };
	struct flush_request request = { .quiet_ns = 0 };

	switch (kind) {
	case GAP:
		((struct tcp_sock *)&both)->copied_seq += length;
		given += length; /* they count with the body that they are in the middle of */
		break;
	case CLOSE:
		sp_set_state(ctx);
		break;
	case FLUSH:
		sp_flush(&request);
		break;
	default:
		transfer(kind, outwards, bytes, length);
	}
	check_conn();
}

int LLVMFuzzerTestOneInput(const __u8 *data, size_t size)
{
	size_t at = 1;

	if (!size)
		return 0;
	native_begin();
	native_record = check_record;
	given = 0;
	memset(&both, 0, sizeof(both));
	both.sock.__sk_common.skc_family = AF_INET;
	both.sock.__sk_common.skc_net.net = &net_space;
	both.sock.sk_protocol = IPPROTO_TCP;
	configure(data[0]);
	while (at + 3 <= size) {
		int kind = (data[at] & 0x7f) % KINDS, outwards = data[at] >> 7;
		__u64 length = data[at + 1] | data[at + 2] << 8;

		at += 3;
		if (length > size - at)
			length = size - at;
		act(kind, outwards, data + at, length);
		at += length;
	}
	act(CLOSE, 0, 0, 0);
	return 0;
}
