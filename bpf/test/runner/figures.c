// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>

#include "fail.h"
#include "figures.h"

/* Since Linux 6.13 such frames lie in memory of the processor, where the program has no tail call: see SP_STAY_ON_STACK. */
enum { LARGE_FRAME = 64 };

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
static long all_frames(const char *log, long *largest)
{
	const char *at = last(log, "stack depth ");
	long sum = 0, frame;
	int length;

	*largest = 0;
	for (at = at ? at + strlen("stack depth ") : "";; at += length + 1) {
		if (sscanf(at, "%ld%n", &frame, &length) != 1)
			return sum;
		sum += frame;
		if (frame > *largest)
			*largest = frame;
		if (at[length] != '+')
			return sum;
	}
}

/* libbpf puts a program's functions behind it. */
static int has_tail_call(const struct bpf_program *program)
{
	const struct bpf_insn *code = bpf_program__insns(program);

	for (size_t i = 0; i < bpf_program__insn_cnt(program); i++)
		if (code[i].code == (BPF_JMP | BPF_CALL) && !code[i].src_reg && code[i].imm == BPF_FUNC_tail_call)
			return 1;
	return 0;
}

/* Not those of tracepoints themselves, which the kernel does not run twice on a processor. */
static int may_preempt_itself(const struct bpf_program *program)
{
	return !strncmp(bpf_program__name(program), "sp_protocol_", strlen("sp_protocol_")) || !strcmp(bpf_program__section_name(program), "uprobe");
}

void check_stacks(struct bpf_object *object)
{
	struct bpf_program *program;
	long largest;
	int i = 0;

	bpf_object__for_each_program (program, object) {
		if (i == MOST_PROGRAMS)
			return;
		all_frames(logs[i++], &largest);
		if (largest >= LARGE_FRAME && may_preempt_itself(program) && !has_tail_call(program))
			fail(EXIT_FAILED, "%s may lose its variables where it is preempted: it needs SP_STAY_ON_STACK", bpf_program__name(program));
	}
}

void print_figures(struct bpf_object *object)
{
	struct bpf_program *program;
	int i = 0;

	bpf_object__for_each_program (program, object) {
		const char *log = logs[i++];
		long largest;

		printf("verifier\t%s\t%ld\t%ld\t%ld\t%ld\n", bpf_program__name(program), after(log, "processed"), after(log, "total_states"),
		       all_frames(log, &largest), after(log, "verification time"));
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
