// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Any conversation at all on one socket: the programs of the data path, compiled natively, with every protocol. The input is a script: of each transfer a byte for
 * the kind, two for the length, and the bytes. Nothing reads or writes what it should not, every walk ends, no connection stays taken, and no record is longer than it is.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

static void check_record(const void *record, __u64 size)
{
	const struct event_header *header = record;
	const struct exchange_event *exchange = record;

	EXPECT(size >= sizeof(*header) && header->size <= size);
	if (header->type != SP_EVENT_EXCHANGE)
		return;
	EXPECT(size >= sizeof(*exchange) + exchange->head_len);
	/* A message that nobody answers is told by its first bytes, and is as long as they say. */
	EXPECT(exchange->request_bytes <= given || !exchange->response_end_ns);
	EXPECT(exchange->response_bytes <= given);
	EXPECT(exchange->role == SP_ROLE_SERVER || exchange->role == SP_ROLE_CLIENT);
	EXPECT(exchange->end <= SP_END_LOST);
}

static void configure(__u8 how)
{
	configure_for((how & 4 ? ~0U : ~0U << 2) & (how & 16 ? ~SP_NAMES_NONE : ~0U),
		      (how & 1 ? SP_CONFIG_METRICS : 0) | (how & 2 ? SP_CONFIG_BY_CHANCE : 0), how & 8 ? 512 : 64);
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
	struct bpf_iter__bpf_sk_storage_map all = { .sk = &both.sock };

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
	case FORGET:
		native_clock += SP_IDLE_NS;
		sp_forget(&all);
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
	begin_talk();
	native_record = check_record;
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
