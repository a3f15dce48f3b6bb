/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A short conversation in each protocol over loopback, and what must be told of it at both ends. */
#pragma once
#include <stddef.h>

/* For ring_buffer__new: keeps each record. */
int see_protocol(void *context, void *data, size_t size);

/* Forgets what was seen. */
void forget_protocols(void);

/* Plays all conversations inside the cgroup; returns when everything has been said and heard. */
void play_protocols(const char *cgroup);

/* Fails the run, with protocol, field, value and expectation, where they differ. */
void check_protocols(void);
