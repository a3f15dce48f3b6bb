/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Blocking TCP and UDP over loopback. What does not work ends the process with status 2. */
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

/* The same for bytes of any sort. */
void say_bytes(int fd, const char *bytes, size_t length);
void hear_bytes(int fd, size_t length);

/* UDP: a port that was free; its socket when somebody has sent to it, connected to who has; and a socket that sends there. */
int await_datagrams(struct sockaddr_in *address);
int accept_datagrams(int fd);
int connect_datagrams(const struct sockaddr_in *address);
