// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The first bytes of bodies, where a policy names what is told by them: what is kept of them, in whatever pieces they come, and what they say. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

#define GRAPHQL (1U << SP_PROTOCOL_GRAPHQL)
#define JSONRPC (1U << SP_PROTOCOL_JSONRPC)
#define HTTP (1U << SP_PROTOCOL_HTTP | 1U << SP_PROTOCOL_HTTP2) /* as a policy's word has it */
#define LONGEST 8192

static int told;
static struct exchange_event event;
static char captured[LONGEST];

static void tell(const void *record, __u64 size)
{
	const struct exchange_event *one = record;

	if (one->header.type != SP_EVENT_EXCHANGE)
		return;
	told++;
	event = *one;
	memset(captured, 0, sizeof(captured));
	memcpy(captured, one + 1, one->head_len);
}

static void begin(__u32 protocols)
{
	begin_talk();
	native_record = tell;
	told = 0;
	memset(&event, 0, sizeof(event));
	configure_for(protocols, SP_CONFIG_METRICS, 64);
}

static void say(int outwards, const char *text)
{
	transfer(FLAT, outwards, (const __u8 *)text, strlen(text));
}

/* In pieces of so many bytes. */
static void say_by(int kind, int outwards, const char *text, __u64 piece)
{
	__u64 length = strlen(text);

	for (__u64 at = 0; at < length; at += piece)
		transfer(kind, outwards, (const __u8 *)text + at, at + piece < length ? piece : length - at);
}

static const char *request_of(const char *body)
{
	static char text[LONGEST];

	snprintf(text, sizeof(text), "POST /api HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", strlen(body),
		 body);
	return text;
}

/* In chunks of so many bytes. */
static const char *chunked_of(const char *body, int chunk)
{
	static char text[2 * LONGEST];
	int at = snprintf(text, sizeof(text), "POST /api HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");

	for (const char *rest = body; *rest;) {
		int some = strlen(rest) < chunk ? strlen(rest) : chunk;

		at += snprintf(text + at, sizeof(text) - at, "%x\r\n%.*s\r\n", some, some, rest);
		rest += some;
	}
	snprintf(text + at, sizeof(text) - at, "0\r\n\r\n");
	return text;
}

#define ANSWER_BODY "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601}}"
#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n" ANSWER_BODY

static void expect(int protocol, const char *body, const char *answer)
{
	__u32 from = event.rows & 0xffff, to = event.rows >> 16;

	EXPECT(told == 1 && event.protocol == protocol && event.head_len < SP_HEAD_BYTES);
	EXPECT(from && to >= from && event.head_len >= to);
	EXPECT(to - from == strlen(body) && !memcmp(captured + from, body, to - from));
	EXPECT(event.head_len - to == strlen(answer) && !memcmp(captured + to, answer, strlen(answer)));
}

/* No body at all is kept. */
static void expect_plain(void)
{
	EXPECT(told == 1 && event.protocol == SP_PROTOCOL_HTTP && !event.rows && !strstr(captured, "{"));
}

static const char call[] = "{\"jsonrpc\": \"2.0\", \"method\": \"add\", \"params\": [1, \"\\\"}\"], \"id\": 7}";

static void in_any_pieces(int outwards, const char *request, const char *body)
{
	for (__u64 piece = 1; piece <= strlen(request); piece += piece < 40 ? 1 : 13) {
		for (int kind = FLAT; kind <= VECTOR; kind++) {
			begin(HTTP | JSONRPC);
			say_by(kind, outwards, request, piece);
			say_by(kind, !outwards, ANSWER, piece);
			expect(SP_PROTOCOL_JSONRPC, body, ANSWER_BODY);
		}
	}
}

static void is(__u32 protocols, const char *body, int protocol)
{
	begin(protocols);
	say(1, request_of(body));
	say(0, ANSWER);
	if (!protocol) {
		EXPECT(!told);
	} else if (protocol == SP_PROTOCOL_HTTP) {
		expect_plain();
	} else {
		expect(protocol, body, ANSWER_BODY);
		EXPECT(!!(event.marks & SP_MARK_OF_CARRIER) == !(protocols & HTTP));
	}
}

static void what_bodies_say(void)
{
	is(HTTP | JSONRPC, call, SP_PROTOCOL_JSONRPC);
	is(JSONRPC, call, SP_PROTOCOL_JSONRPC);
	is(HTTP, call, SP_PROTOCOL_HTTP);
	is(HTTP | GRAPHQL, call, SP_PROTOCOL_HTTP);
	is(~0U, call, SP_PROTOCOL_HTTP); /* who names none has not asked for bodies */
	is(JSONRPC, "{\"a\":1}", 0);
	is(HTTP | JSONRPC, " \n[ {\"id\":1,\"method\":\"m\",\"jsonrpc\" : \"2.0\"} ]", SP_PROTOCOL_JSONRPC);
	is(HTTP | JSONRPC, "{\"jsonrpc\":\"1.0\",\"method\":\"m\"}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"method\":\"m\",\"params\":[],\"id\":1}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"log\":{\"jsonrpc\":\"2.0\"}}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"log\":[{\"jsonrpc\":\"2.0\"}]}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"log\":\"{\\\"jsonrpc\\\":\\\"2.0\\\"}\"}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"a\":\"jsonrpc\",\"b\":\"2.0\"}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "{\"a\":\"\\\\\",\"jsonrpc\":\"2.0\"}", SP_PROTOCOL_JSONRPC);
	is(HTTP | JSONRPC, "{\"a\":\"\\\"\",\"jsonrpc\":\"2.0\"}", SP_PROTOCOL_JSONRPC);
	is(HTTP | JSONRPC, "jsonrpc={\"jsonrpc\":\"2.0\"}", SP_PROTOCOL_HTTP);
	is(HTTP | JSONRPC, "}{\"jsonrpc\":\"2.0\"}", SP_PROTOCOL_HTTP);
	is(HTTP | GRAPHQL, "{\"operationName\":null,\"variables\":{\"query\":1},\"query\":\"{a}\"}", SP_PROTOCOL_GRAPHQL);
	is(HTTP | GRAPHQL, "{\"query\":{\"match\":{}}}", SP_PROTOCOL_HTTP);
	is(HTTP | GRAPHQL, "{\"a\":{\"query\":\"x\"}}", SP_PROTOCOL_HTTP);
	is(GRAPHQL, "{\"extensions\":{\"persistedQuery\":{}}}", SP_PROTOCOL_GRAPHQL);
	is(GRAPHQL | JSONRPC, call, SP_PROTOCOL_JSONRPC);
}

static void long_bodies_are_cut(void)
{
	static char body[6000];
	char first[SP_BODY_BYTES + 1] = {};

	memset(body, 'x', sizeof(body) - 1);
	memcpy(body, call, sizeof(call) - 3);
	memcpy(first, body, SP_BODY_BYTES);
	for (int kind = FLAT; kind <= VECTOR; kind++)
		for (__u64 piece = 500; piece < 8000; piece += 700) {
			begin(JSONRPC);
			say_by(kind, 1, request_of(body), piece);
			say(0, ANSWER);
			expect(SP_PROTOCOL_JSONRPC, first, ANSWER_BODY);
		}
}

/* Bytes that no hook saw, or that cannot be read, end what is kept. */
static void holes(int kind)
{
	char request[LONGEST], *body;

	strcpy(request, request_of(call));
	body = strstr(request, "{");
	begin(HTTP | JSONRPC);
	transfer(FLAT, 1, (const __u8 *)request, body - request + 20);
	if (kind == GAP)
		((struct tcp_sock *)&both)->write_seq += 10;
	else
		transfer(kind, 1, (const __u8 *)body + 20, 10);
	say(1, body + 30);
	say(0, ANSWER);
	expect(SP_PROTOCOL_JSONRPC, "{\"jsonrpc\": \"2.0\", \"", ANSWER_BODY);
	EXPECT(event.request_bytes == strlen(request));
}

static void continued(void)
{
	char *request = strdup(request_of(call)), *body = strstr(request, "{");

	begin(JSONRPC);
	transfer(FLAT, 1, (const __u8 *)request, body - request);
	say(0, "HTTP/1.1 100 Continue\r\n\r\n");
	say(1, body);
	say(0, ANSWER);
	expect(SP_PROTOCOL_JSONRPC, call, ANSWER_BODY);
	free(request);
}

/* What comes of the request behind the answer's head is not kept. */
static void answered_early(void)
{
	char *request = strdup(request_of(call)), *body = strstr(request, "{");

	begin(JSONRPC);
	transfer(FLAT, 1, (const __u8 *)request, body - request + 30);
	say(0, "HTTP/1.1 200 OK\r\nContent-Length: 41\r\n\r\n");
	say(1, body + 30);
	say(0, ANSWER_BODY);
	expect(SP_PROTOCOL_JSONRPC, "{\"jsonrpc\": \"2.0\", \"method\": \"", ANSWER_BODY);
	free(request);
}

static void pipelined(void)
{
	char *first = strdup(request_of(call)), *second = strdup(request_of("{\"id\":2,\"jsonrpc\":\"2.0\"}")), both_of_them[LONGEST];

	snprintf(both_of_them, sizeof(both_of_them), "%s%s", first, second);
	begin(JSONRPC);
	say(1, both_of_them);
	say(0, ANSWER);
	expect(SP_PROTOCOL_JSONRPC, call, ANSWER_BODY);
	told = 0;
	say(0, "HTTP/1.1 204 No Content\r\n\r\n");
	expect(SP_PROTOCOL_JSONRPC, "{\"id\":2,\"jsonrpc\":\"2.0\"}", "");
	free(first);
	free(second);
}

/* As far as the request says. */
static void unanswered(void)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	begin(JSONRPC);
	say(1, request_of(call));
	sp_set_state(ctx);
	EXPECT(told == 1 && event.protocol == SP_PROTOCOL_JSONRPC && event.end == SP_END_ABORTED);
}

static void until_close(void)
{
	__u64 ctx[3] = { (__u64)&both, TCP_ESTABLISHED, TCP_CLOSE };

	begin(JSONRPC);
	say(1, request_of(call));
	say(0, "HTTP/1.0 200 OK\r\n\r\n" ANSWER_BODY);
	sp_set_state(ctx);
	expect(SP_PROTOCOL_JSONRPC, call, "");
}

static void targets(void)
{
	begin(HTTP | GRAPHQL);
	say(1, "GET /graphql?a=1&query=%7Bme%7D HTTP/1.1\r\nHost: a\r\n\r\n");
	say(0, ANSWER);
	expect(SP_PROTOCOL_GRAPHQL, "", ANSWER_BODY);
	begin(HTTP | GRAPHQL);
	say(1, "GET /graphql?subquery=1 HTTP/1.1\r\nHost: a\r\n\r\n");
	say(0, ANSWER);
	expect_plain();
}

int main(void)
{
	in_any_pieces(1, request_of(call), call);
	in_any_pieces(0, request_of(call), call);
	in_any_pieces(1, chunked_of(call, 9), call);
	in_any_pieces(0, chunked_of(call, 1), call);
	what_bodies_say();
	long_bodies_are_cut();
	holes(GAP);
	holes(FAULTING);
	holes(OPAQUE_CALL);
	continued();
	answered_early();
	pipelined();
	unanswered();
	until_close();
	targets();
	printf("bodies_test: passed\n");
	return 0;
}
