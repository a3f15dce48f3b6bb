/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* sp_counters, summed over the CPUs. */
#pragma once
#include <linux/types.h>
#include <bpf/libbpf.h>

#include "spandrel/event.h"

struct counters {
	__u64 of[SP_COUNTERS];
};

struct counters read_counters(struct bpf_object *object);

/* What was counted after `before`. */
struct counters counters_since(const struct counters *before, struct bpf_object *object);

/* Those other than zero, on one line. */
void print_counters(const struct counters *counters);

/* The first that says something was lost or cut, or 0. */
const char *first_loss(const struct counters *counters);
