// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "loopback.h"

void must(int worked)
{
	if (!worked)
		_exit(2);
}

void say_bytes(int fd, const char *bytes, size_t length)
{
	if (length)
		must(write(fd, bytes, length) == (ssize_t)length);
}

void hear_bytes(int fd, size_t length)
{
	char buffer[512];
	ssize_t part;

	for (; length; length -= part) {
		part = read(fd, buffer, length < sizeof(buffer) ? length : sizeof(buffer));
		must(part > 0);
	}
}

void say(int fd, const char *text)
{
	say_bytes(fd, text, strlen(text));
}

void hear(int fd, const char *text)
{
	hear_bytes(fd, strlen(text));
}

static int bind_anywhere(int type, struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int fd = socket(AF_INET, type, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	must(!bind(fd, (void *)address, length) && !getsockname(fd, (void *)address, &length));
	return fd;
}

int listen_anywhere(struct sockaddr_in *address)
{
	int listener = bind_anywhere(SOCK_STREAM, address);

	must(!listen(listener, 1));
	return listener;
}

int accept_one(int listener)
{
	int fd = accept(listener, 0, 0);

	must(fd >= 0);
	return fd;
}

static int connected(int fd, const struct sockaddr_in *address)
{
	must(!connect(fd, (const void *)address, sizeof(*address)));
	return fd;
}

int connect_to(const struct sockaddr_in *address)
{
	return connected(socket(AF_INET, SOCK_STREAM, 0), address);
}

int await_datagrams(struct sockaddr_in *address)
{
	return bind_anywhere(SOCK_DGRAM, address);
}

int accept_datagrams(int fd)
{
	struct sockaddr_in peer;
	socklen_t length = sizeof(peer);
	char byte;

	must(recvfrom(fd, &byte, 1, MSG_PEEK, (void *)&peer, &length) == 1);
	return connected(fd, &peer);
}

int connect_datagrams(const struct sockaddr_in *address)
{
	return connected(socket(AF_INET, SOCK_DGRAM, 0), address);
}
