// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Request heads longer than an exchange's prefix: many at once, with no place left, and with places that nobody gave back. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

enum { CAPTURED = 1024, AT_ONCE = 60 };

static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
static int told, whole;

static const char *request(int number)
{
	static char text[512];

	snprintf(text, sizeof(text), "GET /%0300d HTTP/1.1\r\nHost: a\r\nX-Number: %d\r\n\r\n", number, number);
	return text;
}

static void tell(const void *record, __u64 size)
{
	const struct exchange_event *event = record;

	if (event->header.type != SP_EVENT_EXCHANGE)
		return;
	EXPECT(event->header.size <= size);
	if (event->head_len > SP_PREFIX) {
		EXPECT(event->head_len == strlen(request(told)));
		whole++;
	} else {
		EXPECT(event->head_len == SP_PREFIX);
	}
	EXPECT(!memcmp(event + 1, request(told), event->head_len));
	told++;
}

static void ask(int number)
{
	transfer(FLAT, 0, (const __u8 *)request(number), strlen(request(number)));
}

static void answer_one(void)
{
	transfer(FLAT, 1, (const __u8 *)answer, sizeof(answer) - 1);
}

static void begin(void)
{
	begin_talk();
	native_record = tell;
	configure_for(1 << SP_PROTOCOL_HTTP, SP_CONFIG_METRICS, CAPTURED);
	told = whole = 0;
}

static int places_taken(void)
{
	int taken = 0;

	for (int i = 0; i < SP_HEADS; i++)
		taken += head_at(0, 0, i)->taken_ns != 0;
	return taken;
}

static void try_many_at_once(void)
{
	begin();
	for (int i = 0; i < AT_ONCE; i++)
		ask(i);
	EXPECT(places_taken() == AT_ONCE);
	for (int i = 0; i < AT_ONCE; i++)
		answer_one();
	EXPECT(told == AT_ONCE && whole == AT_ONCE);
	EXPECT(!places_taken());
}

static void try_all_taken(void)
{
	__u32 truncated = SP_TRUNCATED_HEAD;
	__u64 *count;

	begin();
	count = bpf_map_lookup_elem(&sp_counters, &truncated);
	for (int i = 0; i < SP_HEADS; i++) {
		head_at(0, 0, i)->taken_ns = native_clock;
		head_at(0, 0, i)->id = 1;
	}
	ask(0);
	answer_one();
	EXPECT(told == 1 && !whole && *count == 1);
	/* Nobody gave them back. */
	native_clock += 2ULL * SP_HEAD_KEPT;
	ask(1);
	answer_one();
	EXPECT(told == 2 && whole == 1 && *count == 1);
}

int main(void)
{
	try_many_at_once();
	try_all_taken();
	puts("heads_test: passed");
	return 0;
}
