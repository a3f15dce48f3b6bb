// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What HTTP/1 carries, by what is asked for: of HTTP that nobody asked for nothing is told, however it ends, and what a search engine answers is told as that. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

#define ELASTICSEARCH (1U << SP_PROTOCOL_ELASTICSEARCH)
#define OPENSEARCH (1U << SP_PROTOCOL_OPENSEARCH)
#define HTTP (1U << SP_PROTOCOL_HTTP)
#define SAY(outwards, text) transfer(FLAT, outwards, (const __u8 *)(text), sizeof(text) - 1)

static int told, spoke;

static void tell(const void *record, __u64 size)
{
	const struct exchange_event *event = record;

	if (event->header.type != SP_EVENT_EXCHANGE)
		return;
	told++;
	spoke = event->protocol;
}

static void begin(__u32 protocols)
{
	begin_talk();
	native_record = tell;
	told = spoke = 0;
	configure_for(protocols, SP_CONFIG_METRICS, 512);
}

static void hang_up(void)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	sp_set_state(ctx);
}

static void answered(__u32 protocols, int by)
{
	begin(protocols);
	SAY(1, "GET /books/_search HTTP/1.1\r\nHost: a\r\n\r\n");
	SAY(0, "HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\nContent-Length: 0\r\n\r\n");
	EXPECT(told == !!by && spoke == by);
}

static void plain(__u32 protocols, int by)
{
	begin(protocols);
	SAY(1, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
	SAY(0, "HTTP/1.1 200 OK\r\nX-Other: b\r\nContent-Length: 0\r\n\r\n");
	EXPECT(told == !!by && spoke == by);
}

static void unanswered(__u32 protocols, int by)
{
	begin(protocols);
	SAY(1, "GET /a HTTP/1.1\r\nHost: a\r\n\r\n");
	hang_up();
	EXPECT(told == !!by && spoke == by);
}

static void upgraded(__u32 protocols, int by)
{
	begin(protocols);
	SAY(1, "GET /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
	SAY(0, "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n");
	EXPECT(told == !!by && spoke == by);
}

int main(void)
{
	answered(~0U, SP_PROTOCOL_ELASTICSEARCH);
	answered(ELASTICSEARCH, SP_PROTOCOL_ELASTICSEARCH);
	answered(HTTP, SP_PROTOCOL_HTTP);
	answered(OPENSEARCH, 0);
	plain(~0U, SP_PROTOCOL_HTTP);
	plain(ELASTICSEARCH, 0);
	unanswered(~0U, SP_PROTOCOL_HTTP);
	unanswered(ELASTICSEARCH, 0);
	upgraded(~0U, SP_PROTOCOL_HTTP);
	upgraded(ELASTICSEARCH, 0);
	printf("over_http_test: passed\n");
	return 0;
}
