// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "fail.h"
#include "loopback.h"
#include "protocols.h"
#include "records.h"
#include "spandrel/config.h"
#include "spandrel/event.h"
#include "spandrel/protocols.h"

enum { TURNS = 6, ANSWERS = 2, MOST_TOLD = 8, PROTOCOLS = 32, SECONDS = 60 };

/* Of an answer whose size nobody is told. */
enum { ANY_SIZE = -1 };

struct bytes {
	const char *at;
	size_t length;
};

#define BYTES(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}

struct told {
	int request, response; /* bytes; 0: there is no more to tell of */
	__u32 status;
};

struct protocol {
	enum sp_protocol protocol;
	int datagrams;
	struct bytes turn[TURNS]; /* the client's, the server's, and so on; an empty one is passed over */
	struct told told[ANSWERS];
};

static const struct protocol protocols[] = {
	{ SP_PROTOCOL_POSTGRESQL, 0, { BYTES("Q\0\0\0\15select 1\0"), BYTES("C\0\0\0\15SELECT 1\0Z\0\0\0\5I") }, { { 14, ANY_SIZE } } },
	{ SP_PROTOCOL_MYSQL,
	  0,
	  { BYTES("\11\0\0\0\3select 1"), BYTES("\7\0\0\1\0\0\0\2\0\0\0"), BYTES("\11\0\0\0\3select x"), BYTES("\13\0\0\1\377\36\4#42S22no") },
	  { { 13, ANY_SIZE }, { 13, ANY_SIZE, 1054 } } },
	{ SP_PROTOCOL_REDIS, 0, { BYTES("*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n"), BYTES("$-1\r\n") }, { { 22, ANY_SIZE } } },
	{ SP_PROTOCOL_KAFKA,
	  0,
	  { BYTES("\0\0\0\75\0\0\0\7\0\0\0\5\0\4name\377\377\0\1\0\0\165\60\0\0\0\1\0\5items\0\0\0\1\0\0\0\0\0\0\0\20recordsofabatch!"),
	    BYTES("\0\0\0\65\0\0\0\5\0\0\0\1\0\5items\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\7\377\377\377\377\377\377\377\377\0\0\0\0\0\0\0\0\0\0\0\0") },
	  { { 65, 57 } } },
	{ SP_PROTOCOL_MONGODB,
	  0,
	  { BYTES("\64\0\0\0\7\0\0\0\0\0\0\0\335\7\0\0\0\0\0\0\0\37\0\0\0\20ping\0\1\0\0\0\2$db\0\7\0\0\0single\0\0"),
	    BYTES("\46\0\0\0\11\0\0\0\7\0\0\0\335\7\0\0\0\0\0\0\0\21\0\0\0\1ok\0\0\0\0\0\0\0\360\77\0") },
	  { { 52, 38 } } },
	/* A name that is not there. */
	{ SP_PROTOCOL_DNS,
	  1,
	  { BYTES("\22\64\1\0\0\1\0\0\0\0\0\0\4shop\4test\0\0\1\0\1"), BYTES("\22\64\201\203\0\1\0\0\0\0\0\0\4shop\4test\0\0\1\0\1") },
	  { { 27, 27, 3 } } },
	{ SP_PROTOCOL_MEMCACHED, 0, { BYTES("get key\r\n"), BYTES("VALUE key 0 2\r\nhi\r\nEND\r\n") }, { { 9, ANY_SIZE } } },
	{ SP_PROTOCOL_AMQP, 0, { BYTES("\1\0\1\0\0\0\5\0\24\0\12\0\316"), BYTES("\1\0\1\0\0\0\10\0\24\0\13\0\0\0\0\316") }, { { 13, 16 } } },
	/* Nobody answers what is published. */
	{ SP_PROTOCOL_NATS,
	  0,
	  { BYTES(""), BYTES("INFO {\"server_id\":\"a\"}\r\n"), BYTES("CONNECT {}\r\nPUB a 2\r\nhi\r\nPING\r\n"), BYTES("PONG\r\n") },
	  { { 13, ANY_SIZE } } },
	{ SP_PROTOCOL_CASSANDRA,
	  0,
	  { BYTES("\4\0\0\1\7\0\0\0\35\0\0\0\26select name from items\0\1\0"), BYTES("\204\0\0\1\10\0\0\0\4\0\0\0\1") },
	  { { 38, 13 } } },
	{ SP_PROTOCOL_MQTT,
	  0,
	  { BYTES("\20\15\0\4MQTT\4\2\0\74\0\1c"), BYTES("\40\2\0\0"), BYTES("\62\7\0\1a\0\1hi"), BYTES("\100\2\0\1") },
	  { { 15, 4 }, { 9, 4 } } },
	/* The kernel tells of frames, which the agent puts together. */
	{ SP_PROTOCOL_HTTP2,
	  0,
	  { BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0\0\0\3\1\5\0\0\0\1\202\204\206"),
	    BYTES("\0\0\0\4\0\0\0\0\0\0\0\1\1\4\0\0\0\1\210\0\0\2\0\1\0\0\0\1ok") } },
};

enum { ALL = sizeof(protocols) / sizeof(*protocols) };

static struct {
	int count[2]; /* by role */
	struct exchange_event event[2][MOST_TOLD];
} seen[PROTOCOLS];

/* Of streams: heads by role and direction, and by role how many answers are said to have ended. */
static int heads[2][2], ended[2];

void forget_protocols(void)
{
	memset(seen, 0, sizeof(seen));
	memset(heads, 0, sizeof(heads));
	memset(ended, 0, sizeof(ended));
}

static void keep(const struct exchange_event *event)
{
	int server = event->role == SP_ROLE_SERVER, protocol = event->protocol % PROTOCOLS, *count = &seen[protocol].count[server];

	print_exchange(event);
	if (*count == MOST_TOLD)
		fail(EXIT_FAILED, "more records than the conversation of protocol %d can give", protocol);
	seen[protocol].event[server][(*count)++] = *event;
}

static void keep_news(const struct stream_event *event)
{
	const char *at = (const char *)(event + 1);
	int server = event->role == SP_ROLE_SERVER;

	for (__u32 i = 0; i < event->count; i++) {
		const struct stream_news *news = (const void *)at;

		printf("news role=%u answers=%u kind=%u stream=%u answered=%u\n", event->role, event->answers, news->kind, news->stream,
		       news->answered);
		heads[server][!!event->answers] += news->kind == SP_NEWS_HEADERS;
		ended[server] += news->kind == SP_NEWS_END || news->answered;
		at += sizeof(*news) + (news->length + 7) / 8 * 8;
	}
}

int see_protocol(void *context, void *data, size_t size)
{
	const struct event_header *header = data;

	check_size(header, size);
	if (header->type == SP_EVENT_EXCHANGE)
		keep(data);
	else if (header->type == SP_EVENT_STREAM)
		keep_news(data);
	return 0;
}

/* Says the turns of one end and hears those of the other. */
static void take_turns(const struct protocol *protocol, int fd, int server)
{
	for (int i = 0; i < TURNS; i++) {
		if (i % 2 == server)
			say_bytes(fd, protocol->turn[i].at, protocol->turn[i].length);
		else
			hear_bytes(fd, protocol->turn[i].length);
	}
}

/* The server's end is another process, which ends when the client has closed. */
static void play_one(const struct protocol *protocol)
{
	struct sockaddr_in address;
	int listener = protocol->datagrams ? await_datagrams(&address) : listen_anywhere(&address), fd, status;

	alarm(SECONDS);
	if (!fork()) {
		alarm(SECONDS);
		fd = protocol->datagrams ? accept_datagrams(listener) : accept_one(listener);
		take_turns(protocol, fd, 1);
		_exit(0);
	}
	fd = protocol->datagrams ? connect_datagrams(&address) : connect_to(&address);
	take_turns(protocol, fd, 0);
	must(wait(&status) > 0 && !status);
	close(fd);
	close(listener);
}

void play_protocols(const char *cgroup)
{
	pid_t child = fork();
	int status;

	if (!child) {
		must(!join_cgroup(cgroup));
		for (int i = 0; i < ALL; i++)
			play_one(&protocols[i]);
		_exit(0);
	}
	if (waitpid(child, &status, 0) != child || status)
		fail(EXIT_FAILED, "the conversations in all protocols did not happen: %x", status);
}

static void check(const struct protocol *protocol, int server, const char *field, __u64 is, __u64 should)
{
	if (is != should)
		fail(EXIT_FAILED, "protocol %d, %s: %s is %llu instead of %llu", protocol->protocol, server ? "server" : "client", field, is, should);
}

static void check_told(const struct protocol *protocol, int server)
{
	int count = 0;

	for (const struct told *told = protocol->told; told < protocol->told + ANSWERS && told->request; told++, count++) {
		const struct exchange_event *event = &seen[protocol->protocol].event[server][count];

		check(protocol, server, "number of records, at least,", seen[protocol->protocol].count[server] > count, 1);
		check(protocol, server, "status", event->status, told->status);
		check(protocol, server, "end", event->end, SP_END_COMPLETE);
		check(protocol, server, "request bytes", event->request_bytes, told->request);
		if (told->response != ANY_SIZE)
			check(protocol, server, "response bytes", event->response_bytes, told->response);
	}
	check(protocol, server, "number of records", seen[protocol->protocol].count[server], count);
}

static void check_news(const struct protocol *protocol, int server)
{
	check(protocol, server, "number of request heads", heads[server][0], 1);
	check(protocol, server, "number of answer heads", heads[server][1], 1);
	check(protocol, server, "number of answers that ended", ended[server], 1);
}

void check_protocols(void)
{
	for (int i = 0; i < ALL; i++) {
		for (int server = 0; server < 2; server++) {
			check_told(&protocols[i], server);
			if (protocols[i].protocol == SP_PROTOCOL_HTTP2)
				check_news(&protocols[i], server);
		}
	}
}
