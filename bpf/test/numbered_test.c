// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Many requests in flight by number on one connection of Cassandra, in a kernel whose tables hold 64: each is told or counted as lost, in whatever order they are
 * answered, and a number may be used again.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

enum { CLIENT = SP_EGRESS, SERVER = SP_INGRESS, TABLE = SMALL_HASH, FIT = TABLE + 1 };

static int told[SP_END_TIMEOUT + 1];

static void tell(const void *record, __u64 size)
{
	const struct exchange_event *event = record;

	if (event->header.type == SP_EVENT_EXCHANGE)
		told[event->end]++;
}

static __u64 lost(__u32 reason)
{
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

static struct conn *conn(void)
{
	return bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0);
}

static void ask(int number)
{
	static const char text[] = "SELECT 1"; /* and behind it 16 bits of consistency, 8 of flags */
	__u8 query[13 + sizeof(text) + 2] = { 4, 0, number >> 8, number, 7, 0, 0, 0, 4 + sizeof(text) + 2, 0, 0, 0, sizeof(text) - 1 };

	memcpy(query + 13, text, sizeof(text) - 1);
	transfer(FLAT, CLIENT, query, sizeof(query));
}

static void answer(int number)
{
	const __u8 nothing[] = { 0x84, 0, number >> 8, number, 8, 0, 0, 0, 4, 0, 0, 0, 1 };

	transfer(FLAT, SERVER, nothing, sizeof(nothing));
}

static void hang_up(void)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	sp_set_state(ctx);
}

/* One request is answered: what the connection speaks is certain. */
static void begin(void)
{
	begin_talk();
	memset(told, 0, sizeof(told));
	native_record = tell;
	configure_for(1 << SP_PROTOCOL_CASSANDRA, SP_CONFIG_METRICS, 64);
	ask(0);
	answer(0);
	EXPECT(told[SP_END_COMPLETE] == 1);
	told[SP_END_COMPLETE] = 0;
}

static void ask_all(int count)
{
	for (int i = 0; i < count; i++)
		ask(i);
}

/* `step` has no factor in common with `count`. */
static void answer_all(int count, int step)
{
	for (int i = 0; i < count; i++)
		answer((__u32)i * step % count);
}

static void as_many_as_fit(void)
{
	static const int steps[] = { 1, FIT - 1, 7 };

	for (int i = 0; i < 3; i++) {
		begin();
		ask_all(FIT);
		EXPECT(in_flight(conn()) == FIT);
		answer_all(FIT, steps[i]);
		EXPECT(told[SP_END_COMPLETE] == FIT && !lost(SP_LOST_PIPELINE));
		EXPECT(!is_open(conn()));
	}
}

/* What is pushed out is counted when the connection ends, answered or not. */
static void pushed_out(int answered)
{
	int count = 200;

	begin();
	ask_all(count);
	if (answered)
		answer_all(count, 7);
	hang_up();
	EXPECT(told[answered ? SP_END_COMPLETE : SP_END_ABORTED] == FIT);
	EXPECT(lost(SP_LOST_PIPELINE) == (__u64)(count - FIT));
}

/* A connection that seems to have as many in flight as may be is looked at, and goes on. */
static void never_full_for_ever(void)
{
	int rounds = 40 * SP_NUMBERED_DEPTH / FIT;

	begin();
	for (int round = 0; round < rounds; round++) {
		ask_all(2 * FIT);
		answer_all(2 * FIT, 7);
		EXPECT(in_flight(conn()) <= SP_NUMBERED_DEPTH);
	}
	hang_up();
	EXPECT(told[SP_END_COMPLETE] + lost(SP_LOST_PIPELINE) == (__u64)rounds * 2 * FIT);
	EXPECT(told[SP_END_COMPLETE] > rounds * FIT / 2);
}

/* Where an answer was not seen its number is used again: the first request is lost, the second is not. */
static void used_again(int number)
{
	begin();
	ask_all(3);
	ask(number);
	answer_all(3, 1);
	EXPECT(told[SP_END_COMPLETE] == 3 && lost(SP_LOST_PIPELINE) == 1);
	EXPECT(!is_open(conn()));
}

/* After the place was lost nothing is left of what was in flight. */
static void place_lost(void)
{
	const __u8 nonsense[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

	begin();
	ask_all(10);
	transfer(FLAT, SERVER, nonsense, sizeof(nonsense));
	EXPECT(lost(SP_LOST_FRAMING) == 10);
	EXPECT(!is_open(conn()));
	ask_all(10);
	answer_all(10, 3);
	EXPECT(told[SP_END_COMPLETE] == 10 && !lost(SP_LOST_PIPELINE));
}

int main(void)
{
	as_many_as_fit();
	pushed_out(0);
	pushed_out(1);
	never_full_for_ever();
	for (int number = 0; number < 3; number++)
		used_again(number);
	place_lost();
	printf("numbered_test: passed\n");
	return 0;
}
