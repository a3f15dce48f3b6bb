// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What only silence can end or forgets, while traffic goes on beside the walk that looks for it. */
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

/* Whether the connection is known, after a walk so long after the last transfer. */
static int known_after(long ns)
{
	struct bpf_iter__bpf_sk_storage_map all = { .sk = &both.sock };

	native_clock += ns;
	sp_forget(&all);
	return !!bpf_sk_storage_get(&sp_conns, &both.sock, 0, 0);
}

static void try_idle(void)
{
	begin_talk();
	native_record = tell;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	told = 0;
	for (int i = 1; i <= 3; i++) {
		say(0, "GET / HTTP/1.1\r\nHost: a\r\n");
		EXPECT(known_after(60L * SECOND)); /* in a head */
		say(0, "\r\n");
		EXPECT(known_after(60L * SECOND)); /* not answered yet */
		say(1, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbo");
		EXPECT(known_after(60L * SECOND)); /* in a body */
		say(1, "dy");
		EXPECT(told == i);
		EXPECT(known_after(9L * SECOND));
		EXPECT(!known_after(SECOND));
	}
}

/* Where something was said that does not come twice. */
static void try_idle_frames(void)
{
	static const __u8 ask[] = "Q\0\0\0\rSELECT 1", answer[] = "C\0\0\0\rSELECT 1\0Z\0\0\0\5I";

	begin_talk();
	native_record = tell;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	told = 0;
	transfer(FLAT, 0, ask, sizeof(ask));
	transfer(FLAT, 1, answer, sizeof(answer) - 1);
	EXPECT(told == 1);
	EXPECT(known_after(60L * SECOND));
}

/* A request that is read when its connection has been reset, on a socket that was known before or not. */
static void try_reset(int known)
{
	struct tcp_sock *tcp = (struct tcp_sock *)&both;
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	begin_talk();
	native_record = tell;
	configure_for(~0U, SP_CONFIG_METRICS, 512);
	if (known) {
		say(0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
		say(1, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
	}
	both.sock.sk_receive_queue.qlen = 1;
	both.sock.sk_err = 104;
	tcp->rcv_nxt = tcp->copied_seq + 100;
	both.sock.__sk_common.skc_state = TCP_CLOSE;
	sp_set_state(ctx);
	say(0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
	EXPECT(told_after(SECOND) == 1);
}

int main(void)
{
	try_reset(1);
	try_reset(0);
	try_idle();
	try_idle_frames();
	try_response_until_close();
	try_question();
	puts("flush_test: passed");
	return 0;
}
