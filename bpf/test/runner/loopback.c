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

void say(int fd, const char *text)
{
	must(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
}

void hear(int fd, const char *text)
{
	size_t length = strlen(text);
	char buffer[512];
	ssize_t part;

	for (; length; length -= part) {
		part = read(fd, buffer, length < sizeof(buffer) ? length : sizeof(buffer));
		must(part > 0);
	}
}

int listen_anywhere(struct sockaddr_in *address)
{
	socklen_t length = sizeof(*address);
	int listener = socket(AF_INET, SOCK_STREAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	must(!bind(listener, (void *)address, length) && !listen(listener, 1) && !getsockname(listener, (void *)address, &length));
	return listener;
}

int accept_one(int listener)
{
	int fd = accept(listener, 0, 0);

	must(fd >= 0);
	return fd;
}

int connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(!connect(fd, (const void *)address, sizeof(*address)));
	return fd;
}
