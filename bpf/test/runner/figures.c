// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "figures.h"

/* Of the verifier's log, BPF_LOG_STATS in the kernel: figures only. */
enum { LOG_STATS = 4, LOG_BYTES = 4096, MOST_PROGRAMS = 64 };

static char logs[MOST_PROGRAMS][LOG_BYTES];

void ask_for_figures(struct bpf_object *object)
{
	struct bpf_program *program;
	int i = 0;

	bpf_object__for_each_program (program, object) {
		if (i == MOST_PROGRAMS)
			return;
		bpf_program__set_log_level(program, LOG_STATS);
		bpf_program__set_log_buf(program, logs[i++], LOG_BYTES);
	}
}

/* Where the log last says it: newer kernels say some of it for each function, too. */
static const char *last(const char *log, const char *word)
{
	const char *found = 0;

	for (const char *at = log; (at = strstr(at, word)); at++)
		found = at;
	return found;
}

/* The number behind a word; 0: the kernel does not say. */
static long after(const char *log, const char *word)
{
	const char *at = last(log, word);
	long number = 0;

	if (at)
		sscanf(at + strlen(word), " %ld", &number);
	return number;
}

/* "stack depth 96+0+40": the frames of the program and of its functions. */
static long all_frames(const char *log)
{
	const char *at = last(log, "stack depth ");
	long sum = 0, frame;
	int length;

	for (at = at ? at + strlen("stack depth ") : "";; at += length + 1) {
		if (sscanf(at, "%ld%n", &frame, &length) != 1)
			return sum;
		sum += frame;
		if (at[length] != '+')
			return sum;
	}
}

void print_figures(struct bpf_object *object)
{
	struct bpf_program *program;
	int i = 0;

	bpf_object__for_each_program (program, object) {
		const char *log = logs[i++];

		printf("verifier\t%s\t%ld\t%ld\t%ld\t%ld\n", bpf_program__name(program), after(log, "processed"), after(log, "total_states"),
		       all_frames(log), after(log, "verification time"));
		if (i == MOST_PROGRAMS)
			return;
	}
}

__u64 read_missed(struct bpf_object *object)
{
	struct bpf_program *program;
	__u64 missed = 0;

	bpf_object__for_each_program (program, object) {
		struct bpf_prog_info info = {};
		__u32 size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			missed += info.recursion_misses;
	}
	return missed;
}

static double milliseconds(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

struct lap lap(void)
{
	static struct lap last;
	struct lap now = { milliseconds(CLOCK_MONOTONIC), milliseconds(CLOCK_PROCESS_CPUTIME_ID) };
	struct lap passed = { now.wall - last.wall, now.own - last.own };

	last = now;
	return passed;
}
