/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The records that the conversation must give, no more and no fewer. */
#pragma once
#include <stddef.h>

#include <linux/types.h>

#include "spandrel/event.h"

enum { MOST_SEEN = 16, MOST_HEAD = 512 };

struct seen {
	int made, count;
	struct {
		struct exchange_event event;
		char head[MOST_HEAD];
	} exchange[MOST_SEEN];
};

/* For ring_buffer__new, with a struct seen as context: prints and keeps each record. */
int see_record(void *context, void *data, size_t size);

/* Fails the run, with field, value and expectation, where they differ. */
void check_expected(const struct seen *seen);
