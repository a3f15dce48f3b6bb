// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cgroup.h"
#include "conversation.h"
#include "fail.h"
#include "loopback.h"

/* Longer than any kernel takes, also under emulation. */
enum { SECONDS = 20 };

const unsigned char talk_trace_id[16] = { 0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36 };
const unsigned char talk_parent_id[8] = { 0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7 };
const struct talk_text talks[TALKS] = {
	[FRONT] = { "GET /front HTTP/1.1\r\nHost: loopback\r\nTraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n\r\n",
		    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" },
	[BACK] = { "POST /back HTTP/1.1\r\nHost: loopback\r\nContent-Length: 5\r\n\r\nhello", "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n" },
	[ENDLESS] = { "GET /endless HTTP/1.1\r\nHost: loopback\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nand so on" },
};

static void answer(int fd, enum talk talk)
{
	hear(fd, talks[talk].request);
	say(fd, talks[talk].response);
}

static void ask(int fd, enum talk talk)
{
	say(fd, talks[talk].request);
	hear(fd, talks[talk].response);
}

static void play_back(int fd)
{
	answer(fd, BACK);
}

/* Tells the runner that the calls are over here, and with them their hooks: the other end has what it was sent before that. */
static void all_said(int heard)
{
	say(heard, "x");
}

static void play_front(int fd, int back)
{
	hear(fd, talks[FRONT].request);
	ask(back, BACK);
	say(fd, talks[FRONT].response);
	answer(fd, ENDLESS);
}

static void play_client(int fd)
{
	ask(fd, FRONT);
	ask(fd, ENDLESS);
}

/* Ends the process when the runner closes its end. */
static void await_release(int released)
{
	char byte;

	must(read(released, &byte, 1) == 0);
	_exit(0);
}

static void play(int heard, int released)
{
	struct sockaddr_in front, back;
	int front_listener = listen_anywhere(&front), back_listener = listen_anywhere(&back), status;

	alarm(SECONDS);
	if (!fork()) {
		alarm(SECONDS);
		play_back(accept_one(back_listener));
		await_release(released);
	}
	if (!fork()) {
		alarm(SECONDS);
		play_front(accept_one(front_listener), connect_to(&back));
		all_said(heard);
		await_release(released);
	}
	play_client(connect_to(&front));
	all_said(heard);
	while (wait(&status) > 0)
		must(status == 0);
	_exit(0);
}

struct conversation start_conversation(const char *cgroup)
{
	int heard[2], release[2];
	struct conversation conversation;

	if (pipe(heard) || pipe(release))
		fail(EXIT_FAILED, "no pipe: %s", strerror(errno));
	conversation = (struct conversation){ .child = fork(), .heard = heard[0], .release = release[1] };
	if (!conversation.child) {
		must(!join_cgroup(cgroup));
		close(release[1]);
		play(heard[1], release[0]);
	}
	close(heard[1]);
	close(release[0]);
	for (int of_two = 0; of_two < 2; of_two++) {
		char byte;

		if (read(heard[0], &byte, 1) != 1)
			fail(EXIT_FAILED, "the conversation over loopback did not happen");
	}
	close(heard[0]);
	return conversation;
}

void end_conversation(struct conversation conversation)
{
	int status;

	close(conversation.release);
	if (waitpid(conversation.child, &status, 0) < 0 || status)
		fail(EXIT_FAILED, "the conversation over loopback did not end well");
}
