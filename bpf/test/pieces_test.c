// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * First bytes in pieces: usage: pieces_test EXCHANGE… (golden exchanges of the agent). What is recognised when it comes whole is recognised when its beginning is cut
 * anywhere, or comes byte by byte; and in a protocol that nobody knows short messages do not wait for ever. What is followed message by message is followed wherever a
 * block of the kernel's reading and the transfer itself end inside of one.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"
#include "native/golden.c"

enum { BEGINNING = SP_HELD_BYTES, MANY = 1000, WAYS = 60 };

static struct conn *conn(void)
{
	return bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0);
}

static void begin(__u32 protocols)
{
	begin_talk();
	configure_for(protocols, SP_CONFIG_METRICS, 512);
}

/* The golden bytes, each time as many as `piece` says until `until` of them are through, then the rest. */
static int recognised(__u32 protocols, __u32 piece, __u32 until)
{
	__u32 at = 0;

	begin(protocols);
	for (; at < until; at += piece)
		transfer(FLAT, golden.outwards, golden.bytes + at, piece);
	transfer(FLAT, golden.outwards, golden.bytes + at, golden.length - at);
	return conn()->endpoints.protocol == golden_protocol();
}

/* In one transfer, whose ranges have so many bytes each. */
static int recognised_in_ranges(__u32 protocols, __u32 piece)
{
	begin(protocols);
	range_bytes = piece;
	transfer(VECTOR, golden.outwards, golden.bytes, golden.length);
	range_bytes = 0;
	return conn()->endpoints.protocol == golden_protocol();
}

static int try_pieces(const char *path, __u32 protocols)
{
	__u32 most = golden.length - 1 < BEGINNING ? golden.length - 1 : BEGINNING;
	int tried = 0;

	if (!recognised(protocols, 1, 0))
		return 0;
	for (__u32 cut = 1; cut <= most; cut++, tried++) {
		if (!recognised(protocols, cut, cut)) {
			fprintf(stderr, "%s: not recognised when cut after %u bytes\n", path, cut);
			exit(1);
		}
	}
	if (!recognised(protocols, 1, most)) {
		fprintf(stderr, "%s: not recognised byte by byte\n", path);
		exit(1);
	}
	for (__u32 piece = 1; piece <= most; piece++, tried++) {
		if (!recognised_in_ranges(protocols, piece)) {
			fprintf(stderr, "%s: not recognised in ranges of %u bytes\n", path, piece);
			exit(1);
		}
	}
	return tried + 1;
}

static __u64 counted(__u32 reason)
{
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

/* Whether no place was lost since the talk began. */
static int is_followed(void)
{
	return conn()->endpoints.protocol == golden_protocol() && !counted(SP_LOST_FRAMING) && !counted(SP_LOST_CARRY) &&
	       !counted(SP_COUNT_GUESSED_WRONG);
}

/* The golden bytes again and again, in three transfers: the second one begins and ends at each place of a message, behind the end of a block. */
static int try_blocks(const char *path)
{
	static __u8 again[2 * MOST + SP_BLOCK];
	__u32 length = golden.length, step = 1 + length / WAYS, all = (SP_BLOCK / length + 3) * length;
	int tried = 0;

	if (all > sizeof(again))
		return 0;
	begin(~0U);
	for (__u32 at = 0; at < all; at += length) {
		memcpy(again + at, golden.bytes, length);
		transfer(FLAT, golden.outwards, golden.bytes, length);
	}
	if (!is_followed())
		return 0;
	for (__u32 first = 0; first < length; first += step) {
		for (__u32 second = SP_BLOCK; second < SP_BLOCK + length; second += step, tried++) {
			begin(~0U);
			transfer(FLAT, golden.outwards, golden.bytes, length);
			if (first)
				transfer(FLAT, golden.outwards, again, first);
			transfer(FLAT, golden.outwards, again + first, second);
			transfer(FLAT, golden.outwards, again + first + second, all - first - second);
			if (!is_followed()) {
				fprintf(stderr, "%s: its place is lost when cut after %u and %u more bytes\n", path, first, second);
				exit(1);
			}
		}
	}
	return tried;
}

/* Messages of bytes that say nothing: after some of them none waits any more. */
static void try_unknown(void)
{
	const __u8 message[] = { 0xf1, 0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9 };
	int waited = 0;

	begin(~0U);
	for (int i = 0; i < MANY; i++) {
		transfer(FLAT, 1, message, sizeof(message));
		if (conn()->stream[SP_EGRESS].bits & SP_FRAME_CARRIED)
			waited = i + 1;
	}
	EXPECT(waited > 0);
	EXPECT(waited <= SP_MOST_HELD * (SP_FIRST_BYTES / (int)sizeof(message) + 1));
}

/* On a connection that was there before, a heartbeat says nothing; the request behind it is one, although both are so short that they could wait together. */
static void try_heartbeat(void)
{
	const __u8 heartbeat[] = { 8, 0, 0, 0, 0, 0, 0, 0xce };
	const __u8 channel_open[] = { 1, 0, 1, 0, 0, 0, 5, 0, 20, 0, 10, 0, 0xce };

	for (int beats = 1; beats < SP_MOST_HELD; beats++) {
		begin(~0U);
		for (int i = 0; i < beats; i++)
			transfer(FLAT, SP_EGRESS, heartbeat, sizeof(heartbeat));
		transfer(FLAT, SP_EGRESS, channel_open, sizeof(channel_open));
		EXPECT(conn()->endpoints.protocol == SP_PROTOCOL_AMQP);
		EXPECT(conn()->endpoints.role == SP_ROLE_CLIENT);
		EXPECT(in_flight(conn()) == 1);
	}
}

/* HTTP/2's, and its settings. */
static void try_preface(void)
{
	static const __u8 preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0";

	for (range_bytes = 1; range_bytes < sizeof(preface); range_bytes++) {
		begin(~0U);
		transfer(VECTOR, SP_EGRESS, preface, sizeof(preface));
		EXPECT(conn()->endpoints.protocol == SP_PROTOCOL_HTTP2);
		EXPECT(conn()->endpoints.role == SP_ROLE_CLIENT);
	}
	range_bytes = 0;
}

int main(int count, char **paths)
{
	int tried = 0, blocks = 0, all = 0;

	EXPECT(count > 1);
	for (int i = 1; i < count; i++) {
		read_golden(paths[i]);
		if (!golden_protocol() || golden_protocol() == SP_PROTOCOL_HTTP2)
			continue;
		all++;
		tried += try_pieces(paths[i], ~0U);
		tried += try_pieces(paths[i], ~(1U << SP_PROTOCOL_HTTP));
		blocks += try_blocks(paths[i]);
	}
	EXPECT(tried > 0 && blocks > 0);
	try_unknown();
	try_heartbeat();
	try_preface();
	printf("pieces_test: %d golden exchanges in %d ways, and across blocks in %d\n", all, tried, blocks);
	return 0;
}
