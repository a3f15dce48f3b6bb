// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Answers that are read by another thread before the hook of their request has run. Nothing is told of such an exchange, for its answer is gone; it is counted, and
 * what follows on its channel is told as if it had not been.
 */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

static const __u8 open_one[] = { 1, 0, 1, 0, 0, 0, 5, 0, 20, 0, 10, 0, 0xce };
static const __u8 opened_one[] = { 1, 0, 1, 0, 0, 0, 8, 0, 20, 0, 11, 0, 0, 0, 0, 0xce };
static const __u8 opened_two[] = { 1, 0, 2, 0, 0, 0, 8, 0, 20, 0, 11, 0, 0, 0, 0, 0xce };
static const __u8 recover_one[] = { 1, 0, 1, 0, 0, 0, 5, 0, 60, 0, 110, 0, 0xce };
static const __u8 recovered_one[] = { 1, 0, 1, 0, 0, 0, 4, 0, 60, 0, 111, 0xce };
static const __u8 closes_one[] = { 1, 0, 1, 0, 0, 0, 11, 0, 20, 0, 40, 1, 0x94, 0, 0, 0, 0, 0, 0xce };
static const __u8 closed_one[] = { 1, 0, 1, 0, 0, 0, 4, 0, 20, 0, 41, 0xce };

static int told;

static void tell(const void *record, __u64 size)
{
	told += ((const struct event_header *)record)->type == SP_EVENT_EXCHANGE;
}

static __u64 out_of_order(void)
{
	__u32 reason = SP_LOST_ORDER;
	__u64 *value = bpf_map_lookup_elem(&sp_counters, &reason);

	return value ? *value : 0;
}

#define SAY(outwards, bytes) transfer(FLAT, outwards, bytes, sizeof(bytes))

/* A client's connection whose channel is open. */
static void begin(void)
{
	begin_talk();
	native_record = tell;
	told = 0;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	SAY(1, open_one);
	SAY(0, opened_one);
	EXPECT(told == 1 && !out_of_order());
}

static void try_answer_first(void)
{
	begin();
	SAY(0, recovered_one);
	SAY(1, recover_one);
	EXPECT(out_of_order() == 1);
	SAY(1, recover_one);
	SAY(0, recovered_one);
	EXPECT(out_of_order() == 1 && told == 2);
}

static void try_close_first(void)
{
	begin();
	SAY(0, closes_one);
	SAY(1, recover_one);
	SAY(1, closed_one);
	SAY(1, open_one);
	SAY(0, opened_one);
	EXPECT(out_of_order() == 1);
	EXPECT(told == 3); /* two that opened it, and the close */
}

/* A close that answers nothing, and what another channel is told. */
static void try_in_order(void)
{
	begin();
	SAY(0, closes_one);
	SAY(1, closed_one);
	SAY(1, open_one);
	SAY(0, opened_one);
	SAY(0, opened_two);
	SAY(1, recover_one);
	SAY(0, recovered_one);
	EXPECT(!out_of_order() && told == 4);
}

int main(void)
{
	try_answer_first();
	try_close_first();
	try_in_order();
	puts("order_test: passed");
	return 0;
}
