/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What bench.c has its client and server say: the plainest exchange of a protocol, and with a request that is longer than what stays with the connection. */
#pragma once

#include <endian.h>
#include <stdint.h>
#include <string.h>
#include <sys/uio.h>

enum { TALK_BYTES = 1 << 15, TALK_PIECES = 4 };

struct talk {
	const char *name;
	char request[TALK_BYTES];
	int length;
	size_t read[TALK_PIECES]; /* what the server asks for in each of its calls */
	int reads;
	char text[TALK_BYTES]; /* of the answer */
	struct iovec answer[TALK_PIECES]; /* what it writes, in one call */
	int answers, answered;
	const char *hello; /* what the client begins a connection with */
	int hello_length;
};

static void asks(struct talk *talk, const void *bytes, int length)
{
	memcpy(talk->request + talk->length, bytes, length);
	talk->length += length;
}

static void answers(struct talk *talk, const void *bytes, int length)
{
	char *to = talk->text + talk->answered;

	memcpy(to, bytes, length);
	talk->answer[talk->answers++] = (struct iovec){ to, length };
	talk->answered += length;
}

static void reads(struct talk *talk, int first)
{
	if (first)
		talk->read[talk->reads++] = first;
	talk->read[talk->reads++] = talk->length - first;
}

static void http(struct talk *talk)
{
	static const char request[] =
		"GET /api/v1/items?page=2 HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) "
		"Gecko/20100101 Firefox/128.0\r\n"
		"Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en-US,en;q=0.5\r\n"
		"Accept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\n\r\n";
	static const char head[] = "HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Mon, 23 Nov 2026 15:00:00 GMT\r\nContent-Type: "
				   "text/plain\r\nContent-Length: 100\r\n"
				   "Connection: keep-alive\r\n\r\n";
	char body[100];

	memset(body, 'x', sizeof(body));
	asks(talk, request, sizeof(request) - 1);
	reads(talk, 0);
	answers(talk, head, sizeof(head) - 1);
	answers(talk, body, sizeof(body));
}

/* A message of PostgreSQL: its letter, its length, and what it says, which ends in a zero. */
static int message(char *at, char type, const char *says, int length)
{
	uint32_t size = htobe32(4 + length);

	at[0] = type;
	memcpy(at + 1, &size, 4);
	memcpy(at + 5, says, length);
	return 5 + length;
}

/* A statement of this length, its zero with it. */
static const char *statement(int length)
{
	static char text[TALK_BYTES];

	strcpy(text, "select name, price from items where id = 7 and ");
	while ((int)strlen(text) < length)
		strcat(text, "stock > 10 and ");
	text[length - 1] = 0;
	return text;
}

static void postgresql(struct talk *talk, int length)
{
	char text[512], *at = text;

	talk->length = message(talk->request, 'Q', statement(length), length);
	reads(talk, 0);
	at += message(at, 'T', "\0\1name\0\0\0\0\0\0\0\0\0\0\31\377\377\377\377\377\377\0\0", 25);
	at += message(at, 'D', "\0\1\0\0\0\4name", 10);
	at += message(at, 'C', "SELECT 1", 9);
	at += message(at, 'Z', "I", 1);
	answers(talk, text, at - text);
}

/* Its other form: Parse, Bind, Describe, Execute, Sync. */
static void prepared(struct talk *talk, int length)
{
	char text[512], *at = text, parse[TALK_BYTES];

	parse[0] = 0;
	memcpy(parse + 1, statement(length), length);
	memset(parse + 1 + length, 0, 2);
	talk->length = message(talk->request, 'P', parse, length + 3);
	talk->length += message(talk->request + talk->length, 'B', "\0\0\0\0\0\0\0\0", 8);
	talk->length += message(talk->request + talk->length, 'D', "P", 2);
	talk->length += message(talk->request + talk->length, 'E', "\0\0\0\0", 5);
	talk->length += message(talk->request + talk->length, 'S', "", 0);
	reads(talk, 0);
	at += message(at, '1', "", 0);
	at += message(at, '2', "", 0);
	at += message(at, 'T', "\0\1name\0\0\0\0\0\0\0\0\0\0\31\377\377\377\377\377\377\0\0", 25);
	at += message(at, 'D', "\0\1\0\0\0\4name", 10);
	at += message(at, 'C', "SELECT 1", 9);
	at += message(at, 'Z', "I", 1);
	answers(talk, text, at - text);
}

/* As a broker reads it: a length, and so much. A Produce, version 7, acks 1. */
static void kafka(struct talk *talk, int length)
{
	static const char begin[] = "\0\0\0\7\0\0\0\5\0\4name\377\377\0\1\0\0\165\60\0\0\0\1\0\5items\0\0\0\1\0\0\0\0";
	uint32_t size = htobe32(length - 4);

	asks(talk, &size, 4);
	asks(talk, begin, sizeof(begin) - 1);
	talk->length = length;
	reads(talk, 4);
	answers(talk, "\0\0\0\61\0\0\0\5\0\0\0\1\0\5items\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\7\377\377\377\377\377\377\377\377\0\0\0\0\0\0\0\0", 53);
}

/* A command of OP_MSG, and what MongoDB answers. A server reads the 16 bytes of the header first. */
static void mongodb(struct talk *talk, int length)
{
	static const char ping[] = "\0\0\0\0\7\0\0\0\0\0\0\0\335\7\0\0\0\0\0\0\0\0\0\0\0\20ping\0\1\0\0\0\2$db\0\7\0\0\0single\0\2pad\0";
	static const char ok[] = "\46\0\0\0\11\0\0\0\7\0\0\0\335\7\0\0\0\0\0\0\0\21\0\0\0\1ok\0\0\0\0\0\0\0\360\77\0";
	uint32_t size = length, document = length - 21, pad = length - (sizeof(ping) - 1) - 5;

	asks(talk, ping, sizeof(ping) - 1);
	asks(talk, &pad, 4);
	talk->length = length;
	memcpy(talk->request, &size, 4);
	memcpy(talk->request + 21, &document, 4);
	reads(talk, 16);
	answers(talk, ok, 38);
}

static void mysql(struct talk *talk, int length)
{
	char head[5] = { (char)(1 + length), (char)((1 + length) >> 8), 0, 0, 3 };
	static const char rows[] =
		"\1\0\0\1\1\32\0\0\2\3def\0\0\0\4name\0\14\55\0\4\0\0\0\375\1\0\37\0\0\5\0\0\3\376\0\0\2\0\5\0\0\4\4name\5\0\0\5\376\0\0\2\0";

	asks(talk, head, 5);
	asks(talk, statement(length + 1), length);
	reads(talk, 4);
	answers(talk, rows, sizeof(rows) - 1);
}

/* An EXECUTE of version 4 with one value, and a row whose columns the driver knows. Header and body of the answer are ranges of their own, as Netty writes them. */
static void cassandra(struct talk *talk)
{
	asks(talk,
	     "\4\0\0\1\12\0\0\0\40\0\20"
	     "0123456789abcdef"
	     "\0\12\1\0\1\0\0\0\5local",
	     41);
	reads(talk, 0);
	answers(talk, "\204\0\0\1\10\0\0\0\31", 9);
	answers(talk, "\0\0\0\2\0\0\0\4\0\0\0\1\0\0\0\1\0\0\0\0055.0.2", 25);
}

/* A message of 100 bytes is published, in three frames, and confirmed. */
static void amqp(struct talk *talk)
{
	char body[100];

	memset(body, 'x', sizeof(body));
	talk->hello = "AMQP\0\0\11\1";
	talk->hello_length = 8;
	asks(talk, "\1\0\1\0\0\0\17\0\74\0\50\0\0\0\6single\0\316", 23);
	asks(talk, "\2\0\1\0\0\0\16\0\74\0\0\0\0\0\0\0\0\0\144\0\0\316", 22);
	asks(talk, "\3\0\1\0\0\0\144", 7);
	asks(talk, body, sizeof(body));
	asks(talk, "\316", 1);
	reads(talk, 0);
	answers(talk, "\1\0\1\0\0\0\15\0\74\0\120\0\0\0\0\0\0\0\1\0\316", 21);
}

static void redis(struct talk *talk)
{
	asks(talk, "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n", 22);
	reads(talk, 0);
	answers(talk, "$-1\r\n", 5);
}

/* So many streams of HTTP/2 at a time, each with a head of usual size whose fields are in the table, and a body of 100 bytes. */
static void http2(struct talk *talk, int streams)
{
	static const char head[] = "\202\204\206\277\276\275\274\273";
	char body[100], *at = talk->text;

	memset(body, 'x', sizeof(body));
	talk->hello = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0";
	talk->hello_length = 33;
	for (int i = 0; i < streams; i++) {
		char frame[9] = { 0, 0, sizeof(head) - 1, 1, 5, 0, 0, (2 * i + 1) >> 8, 2 * i + 1 };

		asks(talk, frame, 9);
		asks(talk, head, sizeof(head) - 1);
		frame[2] = 4;
		frame[4] = 4;
		memcpy(at, frame, 9);
		memcpy(at + 9, "\210\277\276\275", 4);
		frame[2] = sizeof(body);
		frame[3] = 0;
		frame[4] = 1;
		memcpy(at + 13, frame, 9);
		memcpy(at + 22, body, sizeof(body));
		at += 22 + sizeof(body);
	}
	reads(talk, 0);
	talk->answered = at - talk->text;
	talk->answer[talk->answers++] = (struct iovec){ talk->text, talk->answered };
}

/* NAME, or NAME:NUMBER, the bytes of its request's text, or its streams. 0: there is none. */
static const struct talk *talk_named(const char *name)
{
	static struct talk talk;
	const char *colon = strchr(name, ':');
	int number = colon ? atoi(colon + 1) : 0;

#define TALK(word, make)                                                                                   \
	if (!strncmp(name, word, strlen(word)) && (colon ? colon - name : strlen(name)) == strlen(word)) { \
		make;                                                                                      \
		talk.name = name;                                                                          \
		return &talk;                                                                              \
	}
	TALK("http", http(&talk))
	TALK("postgresql", postgresql(&talk, number ? number : 48))
	TALK("prepared", prepared(&talk, number ? number : 48))
	TALK("kafka", kafka(&talk, number ? number : 120))
	TALK("mongodb", mongodb(&talk, number ? number : 100))
	TALK("mysql", mysql(&talk, number ? number : 48))
	TALK("redis", redis(&talk))
	TALK("cassandra", cassandra(&talk))
	TALK("amqp", amqp(&talk))
	TALK("http2", http2(&talk, number ? number : 1))
#undef TALK
	return 0;
}
