/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Three processes over loopback: a client asks a front with a traceparent, and the front asks a back, in the same thread, before it answers.
 * Then the client asks for something whose response has no end.
 */
#pragma once
#include <sys/types.h>

enum talk { FRONT, BACK, ENDLESS, TALKS };

struct talk_text {
	const char *request, *response;
};

extern const struct talk_text talks[TALKS];

/* What the traceparent of FRONT says. */
extern const unsigned char talk_trace_id[16], talk_parent_id[8];

struct conversation {
	pid_t child;
	int heard, release;
};

/* Starts it inside the cgroup; returns when everything has been said and heard, with all sockets still open. */
struct conversation start_conversation(const char *cgroup);

/* Lets the processes close their sockets and end. */
void end_conversation(struct conversation conversation);
