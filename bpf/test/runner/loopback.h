/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Blocking TCP over loopback. What does not work ends the process with status 2. */
#pragma once
#include <netinet/in.h>

void must(int worked);

/* Listens on a port that was free, and says which. */
int listen_anywhere(struct sockaddr_in *address);
int accept_one(int listener);
int connect_to(const struct sockaddr_in *address);

void say(int fd, const char *text);

/* Reads as many bytes as the text has. */
void hear(int fd, const char *text);
