/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the verifier says it cost to prove each program, and how long it took to get them into the kernel. */
#pragma once
#include <bpf/libbpf.h>

/* Before loading: each program has its figures written down. */
void ask_for_figures(struct bpf_object *object);

/* After loading: a line for each program. */
void print_figures(struct bpf_object *object);

/* After loading: fails where the variables of a program that may be preempted by itself are not its thread's. */
void check_stacks(struct bpf_object *object);

/* How often a hook did not run because its program was at work on that processor already: where tasks are preempted, one may wait inside it. */
__u64 read_missed(struct bpf_object *object);

/* Milliseconds since the last call, by the wall and of this process: where other work is going on, only the second is a figure of ours. */
struct lap {
	double wall, own;
};

struct lap lap(void);
