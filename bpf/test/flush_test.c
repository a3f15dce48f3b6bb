// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What only silence can end, while traffic goes on beside the walk that looks for it. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

enum { SECOND = 1000000000, QUIET = SECOND / 20 };

static int told;

static void tell(const void *record, __u64 size)
{
	told += ((const struct event_header *)record)->type == SP_EVENT_EXCHANGE;
}

static void say(int outwards, const char *text)
{
	transfer(FLAT, outwards, (const __u8 *)text, strlen(text));
}

/* What a flush tells that looked at the clock so long after the last transfer. */
static int told_after(long ns)
{
	struct flush_request request = { .quiet_ns = QUIET };
	__u64 clock = native_clock;

	told = 0;
	native_clock += ns;
	sp_flush(&request);
	native_clock = clock;
	return told;
}

static void try_response_until_close(void)
{
	begin_talk();
	native_record = tell;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	say(1, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	say(0, "HTTP/1.1 200 OK\r\n\r\nuntil it closes");
	EXPECT(!told_after(-SECOND));
	EXPECT(!told_after(0));
	EXPECT(told_after(SECOND) == 1);
}

static void try_question(void)
{
	static const __u8 question[] = "\x12\x34\x01\0\0\1\0\0\0\0\0\0\1a\4test\0\0\1\0\1";

	begin_talk();
	native_clock += 100ULL * SECOND;
	native_record = tell;
	both.sock.sk_protocol = IPPROTO_UDP;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	transfer(FLAT, 1, question, sizeof(question) - 1);
	EXPECT(!told_after(-SECOND));
	EXPECT(!told_after(SECOND));
	EXPECT(told_after(SP_DNS_PATIENCE + SECOND) == 1);
}

int main(void)
{
	try_response_until_close();
	try_question();
	puts("flush_test: passed");
	return 0;
}
