// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The first bytes of bodies that HTTP/2 carries: which of them the agent is told, in whatever pieces they come, and where nothing is. */
#include "../src/http_socklen.bpf.c"

#include "native/native.c"
#include "native/talk.c"

#define JSONRPC (1U << SP_PROTOCOL_JSONRPC)
#define HTTP (1U << SP_PROTOCOL_HTTP | 1U << SP_PROTOCOL_HTTP2)
#define LONGEST 16384

/* By whether it is the answer. */
static struct {
	char bytes[LONGEST];
	int length;
	int holes; /* pieces that do not go on with what is here */
	__u64 data;
} told[2];

static void tell(const void *record, __u64 size)
{
	const struct stream_event *event = record;
	const char *at = (const char *)(event + 1);

	if (event->header.type != SP_EVENT_STREAM)
		return;
	for (__u32 i = 0; i < event->count; i++) {
		const struct stream_news *news = (const struct stream_news *)at;

		told[0].data += news->data_bytes[0];
		told[1].data += news->data_bytes[1];
		at += sizeof(*news);
		if (news->kind == SP_NEWS_BODY) {
			int answers = event->answers;

			told[answers].holes += news->code != told[answers].length;
			memcpy(told[answers].bytes + told[answers].length, at, news->length);
			told[answers].length += news->length;
		}
		at += (news->length + 7) & ~7U;
	}
}

static __u8 sent[8 * LONGEST];
static int filled;

static void frame(int type, int flags, int stream, const char *payload, int length)
{
	__u8 header[] = { length >> 16, length >> 8, length, type, flags, 0, 0, 0, stream };

	memcpy(sent + filled, header, sizeof(header));
	memcpy(sent + filled + sizeof(header), payload, length);
	filled += sizeof(header) + length;
}

/* What was put together goes in pieces of so many bytes. */
static void go(int kind, int outwards, int piece)
{
	for (int at = 0; at < filled; at += piece)
		transfer(kind, outwards, sent + at, at + piece < filled ? piece : filled - at);
	filled = 0;
}

static const char post[] = { 0x83, 0x86, 0x84 }; /* POST http / */
static const char ok[] = { 0x88 };

static void begin(__u32 protocols)
{
	begin_talk();
	native_record = tell;
	memset(told, 0, sizeof(told));
	configure_for(protocols, SP_CONFIG_METRICS, 64);
	memcpy(sent, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SP_H2_PREFACE);
	filled = SP_H2_PREFACE;
	frame(SP_H2_SETTINGS, 0, 0, "", 0);
	go(FLAT, 1, sizeof(sent));
	frame(SP_H2_HEADERS, SP_H2_END_HEADERS, 1, post, sizeof(post));
}

static void answer(int kind, const char *body, int piece)
{
	frame(SP_H2_SETTINGS, 0, 0, "\0\3\0\0\0\144", 6);
	frame(SP_H2_HEADERS, SP_H2_END_HEADERS, 1, ok, sizeof(ok));
	frame(SP_H2_DATA, SP_H2_END_STREAM, 1, body, strlen(body));
	go(kind, 0, piece);
}

/* A request's body of so many bytes, in frames of so many. */
static const char *body_of(int length)
{
	static char body[LONGEST];

	memset(body, 0, sizeof(body));
	for (int i = 0; i < length; i++)
		body[i] = i ? 'a' + i % 26 : '{';
	return body;
}

static void say(int kind, const char *body, int each, int piece)
{
	int length = strlen(body);

	for (int at = 0; at < length; at += each)
		frame(SP_H2_DATA, at + each < length ? 0 : SP_H2_END_STREAM, 1, body + at, at + each < length ? each : length - at);
	go(kind, 1, piece);
}

static void is_told(int answers, const char *body, int most)
{
	int length = strlen(body) < most ? strlen(body) : most;

	EXPECT(!told[answers].holes && told[answers].length == length && !memcmp(told[answers].bytes, body, length));
}

static void in_any_pieces(void)
{
	static const int lengths[] = { 1, 30, 2048, 2049, 5000 }, each[] = { 1, 7, 100, 3000 };

	for (int l = 0; l < 5; l++)
		for (int e = 0; e < 4; e++)
			for (int piece = 1; piece < 6000; piece = piece * 2 + 1)
				for (int kind = FLAT; kind <= VECTOR; kind++) {
					const char *body = body_of(lengths[l]);

					begin(JSONRPC);
					say(kind, body, each[e], piece);
					is_told(0, body, SP_BODY_BYTES);
					answer(kind, body, piece);
					is_told(1, body, SP_ANSWERED_BYTES);
					EXPECT(told[0].data >= lengths[l] && told[1].data == SP_H2_HEADER + lengths[l]);
				}
}

static void nothing_is_told(void)
{
	EXPECT(!told[0].length && !told[1].length && told[0].data);
}

static void where_nobody_asks(void)
{
	static const __u32 protocols[] = { HTTP, ~0U, ~0U & ~SP_BY_BODY };

	for (int i = 0; i < 3; i++) {
		begin(protocols[i]);
		say(FLAT, body_of(100), 50, 1000);
		answer(FLAT, body_of(100), 1000);
		nothing_is_told();
	}
}

static void what_is_no_json(void)
{
	static const char call[] = "\0\0\0\0\7{\"a\":1}";

	begin(JSONRPC);
	frame(SP_H2_DATA, 0, 1, call, sizeof(call) - 1);
	frame(SP_H2_DATA, SP_H2_END_STREAM, 1, "{\"a\":1}", 7);
	go(FLAT, 1, 1000);
	answer(FLAT, body_of(100), 1000);
	nothing_is_told();
}

/* Behind a frame that is padded, or bytes that cannot be read or that no hook saw, is a hole. */
static void holes(void)
{
	const char *body = body_of(300);

	begin(JSONRPC);
	frame(SP_H2_DATA, 0, 1, body, 100);
	frame(SP_H2_DATA, SP_H2_PADDED, 1, "\1{}\0", 4);
	say(FLAT, body + 100, 100, 1000);
	EXPECT(!told[0].holes && told[0].length == 100);
	answer(FLAT, body, 1000);
	EXPECT(!told[1].length);

	for (int kind = FAULTING; kind <= GAP; kind++) {
		if (kind == PEEKED)
			continue;
		begin(JSONRPC);
		frame(SP_H2_DATA, 0, 1, body, 200);
		filled -= 100;
		go(FLAT, 1, sizeof(sent));
		if (kind == GAP) {
			((struct tcp_sock *)&both)->write_seq += 50;
		} else {
			memcpy(sent, body + 100, 50);
			transfer(kind, 1, sent, 50);
		}
		memcpy(sent, body + 150, filled = 50);
		say(FLAT, body + 200, 100, 1000);
		EXPECT(!told[0].holes && told[0].length == 100);
	}
}

/* More streams than the connection has places for, in turns. */
static void interleaved(void)
{
	begin(JSONRPC);
	for (int stream = 3; stream < 100; stream += 2)
		frame(SP_H2_HEADERS, SP_H2_END_HEADERS, stream, post, sizeof(post));
	for (int i = 0; i < 10; i++)
		for (int stream = 1; stream < 100; stream += 2)
			frame(SP_H2_DATA, 0, stream, i ? "12345" : "{1234", 5);
	go(FLAT, 1, 777);
	EXPECT(told[0].length == 50 * 50);
}

/* A header block may begin behind its first frame. */
static void an_empty_frame_of_headers(void)
{
	for (int piece = 1; piece < 100; piece++) {
		begin(JSONRPC);
		frame(SP_H2_DATA, SP_H2_END_STREAM, 1, "", 0);
		frame(SP_H2_HEADERS, 0, 3, "", 0);
		frame(SP_H2_CONTINUATION, SP_H2_END_HEADERS, 3, post, sizeof(post));
		frame(SP_H2_DATA, SP_H2_END_STREAM, 3, "{12345}", 7);
		go(FLAT, 1, piece);
		EXPECT(told[0].length == 7 && !told[0].holes);
	}
}

int main(void)
{
	an_empty_frame_of_headers();
	in_any_pieces();
	where_nobody_asks();
	what_is_no_json();
	holes();
	interleaved();
	puts("streams_test: passed");
	return 0;
}
