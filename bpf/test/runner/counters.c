// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include <bpf/bpf.h>

#include "counters.h"
#include "fail.h"

static const char *const names[] = {
	"exchanges", "kept",	      "sampled_out", "not_eligible", "rate_limited", "ring_full", "no_storage",	    "read_fault",      "syscall",
	"gap",	     "framing",	      "response",    "pipeline",     "steps",	     "carry",	  "waiting",	    "metrics",	       "order",
	"busy",	     "guessed_wrong", "encrypted",   "decrypted",    "compressed",   "skipped",	  "truncated_head", "truncated_search"
};
_Static_assert(sizeof(names) / sizeof(*names) == SP_COUNTERS, "a name for each counter");

struct counters read_counters(struct bpf_object *object)
{
	int cpus = libbpf_num_possible_cpus(), fd = bpf_object__find_map_fd_by_name(object, "sp_counters");
	struct counters sum = {};
	__u64 values[cpus];

	for (__u32 key = 0; key < SP_COUNTERS; key++) {
		if (bpf_map_lookup_elem(fd, &key, values))
			fail(EXIT_FAILED, "sp_counters has no %s", names[key]);
		for (int i = 0; i < cpus; i++)
			sum.of[key] += values[i];
	}
	return sum;
}

struct counters counters_since(const struct counters *before, struct bpf_object *object)
{
	struct counters now = read_counters(object);

	for (int i = 0; i < SP_COUNTERS; i++)
		now.of[i] -= before->of[i];
	return now;
}

void print_counters(const struct counters *counters)
{
	printf("counters");
	for (int i = 0; i < SP_COUNTERS; i++)
		if (counters->of[i])
			printf(" %s=%llu", names[i], counters->of[i]);
	printf("\n");
}

const char *first_loss(const struct counters *counters)
{
	for (int i = SP_LOST_RING_FULL; i < SP_COUNTERS; i++)
		if (counters->of[i])
			return names[i];
	return 0;
}
