/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Records of the ring, as text. */
#pragma once
#include <stddef.h>

#include <linux/types.h>

#include "spandrel/event.h"

/* Fails the run if the record's own idea of its size is another. */
void check_size(const struct event_header *header, size_t size);

/* The request head that follows the event. */
const char *head_of(const struct exchange_event *exchange);

/* Length of the head's first line. */
int line_length(const struct exchange_event *exchange);

void print_exchange(const struct exchange_event *exchange);
void print_cgroup(const struct cgroup_event *cgroup);
