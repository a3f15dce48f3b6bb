// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Many requests in flight in order on one connection of Redis, in a kernel whose tables hold 64: each is told or counted as lost, whether it is answered or not. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

enum { TABLE = SMALL_HASH, FIT = TABLE + 1, MOST = SP_PIPELINE_DEPTH + 1 };

static int told[SP_END_TIMEOUT + 1];

static void tell(const void *record, __u64 size)
{
	const struct exchange_event *event = record;

	if (event->header.type == SP_EVENT_EXCHANGE)
		told[event->end]++;
}

static __u64 lost(void)
{
	__u32 reason = SP_LOST_PIPELINE;
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

static void say(int outwards, const char *text, int times)
{
	for (int i = 0; i < times; i++)
		transfer(FLAT, outwards, (const __u8 *)text, strlen(text));
}

static void begin(int in_flight)
{
	begin_talk();
	memset(told, 0, sizeof(told));
	native_record = tell;
	configure_for(1 << SP_PROTOCOL_REDIS, SP_CONFIG_METRICS, 64);
	say(1, "*1\r\n$4\r\nPING\r\n", 1);
	say(0, "+PONG\r\n", 1);
	EXPECT(told[SP_END_COMPLETE] == 1);
	told[SP_END_COMPLETE] = 0;
	say(1, "*1\r\n$4\r\nPING\r\n", in_flight);
}

static void answered(int count)
{
	begin(count);
	say(0, "+PONG\r\n", count);
	EXPECT(told[SP_END_COMPLETE] >= (count < FIT ? count : 1));
	EXPECT(told[SP_END_COMPLETE] + lost() == (__u64)count);
}

static void hung_up(int count)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	begin(count);
	sp_set_state(ctx);
	EXPECT(told[SP_END_ABORTED] >= (count < FIT ? count : 1));
	EXPECT(told[SP_END_ABORTED] + lost() == (__u64)count);
}

int main(void)
{
	static const int counts[] = { 1, 2, FIT, FIT + 1, MOST, 3 * MOST };

	for (unsigned i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		answered(counts[i]);
		hung_up(counts[i]);
	}
	puts("pipeline_test: passed");
	return 0;
}
