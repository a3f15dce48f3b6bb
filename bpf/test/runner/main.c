// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loads an object without Java, for kernels in a virtual machine and for a look at what the kernel says.
 *
 * runner OBJECT.o                 attaches everything, lets a conversation happen over loopback in a cgroup of its own, and checks each record.
 * runner --cgroup PATH OBJECT.o   traces a cgroup, one line per record, until interrupted; then the counters.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cgroup.h"
#include "conversation.h"
#include "counters.h"
#include "expected.h"
#include "fail.h"
#include "figures.h"
#include "records.h"
#include "sensor.h"

enum { MOST_ATTEMPTS = 10 };

static volatile sig_atomic_t stopped;

static void stop(int signal)
{
	stopped = 1;
}

static int show_record(void *quiet, void *data, size_t size)
{
	const struct event_header *header = data;

	check_size(header, size);
	if (header->type == SP_EVENT_CGROUP)
		print_cgroup(data);
	else if (header->type == SP_EVENT_EXCHANGE && !quiet)
		print_exchange(data);
	return 0;
}

static int trace(struct bpf_object *object, const char *cgroup, int quiet)
{
	struct ring_buffer *ring = open_ring(object, show_record, quiet ? object : 0);
	struct counters counters;

	configure(object, cgroup);
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	printf("runner: tracing %s\n", cgroup);
	while (!stopped) {
		usleep(50000);
		flush(object);
		ring_buffer__consume(ring);
	}
	counters = read_counters(object);
	print_counters(&counters);
	return 0;
}

/* One conversation, and how many hooks the kernel left out during it. */
static __u64 converse(struct bpf_object *object, struct ring_buffer *ring)
{
	__u64 before = read_missed(object), missed;
	struct conversation conversation = start_conversation(make_inner_cgroup());

	flush(object);
	end_conversation(conversation);
	remove_inner_cgroup();
	ring_buffer__consume(ring);
	missed = read_missed(object) - before;
	if (missed)
		printf("missed %llu\n", missed);
	return missed;
}

/* A hook that the kernel left out says nothing of the object, so then all is said again. Emulated programs are slow enough to be preempted for it. */
static int self_test(struct bpf_object *object)
{
	static struct seen seen;
	struct ring_buffer *ring = open_ring(object, see_record, &seen);
	struct counters before, counters;
	int attempts = 0;

	configure(object, make_outer_cgroup("spandrel-runner"));
	do {
		if (attempts++ == MOST_ATTEMPTS)
			fail(EXIT_FAILED, "the kernel left out hooks in each of %d conversations", MOST_ATTEMPTS);
		before = read_counters(object);
		seen = (struct seen){};
	} while (converse(object, ring));
	counters = counters_since(&before, object);
	print_counters(&counters);
	check_expected(&seen);
	if (first_loss(&counters))
		fail(EXIT_FAILED, "something was lost: %s", first_loss(&counters));
	printf("runner: passed\n");
	return 0;
}

int main(int count, char **arguments)
{
	const char *cgroup = 0, *path = 0;
	struct bpf_object *object;
	int quiet = 0;

	for (int i = 1; i < count; i++) {
		if (!strcmp(arguments[i], "--cgroup") && i + 1 < count)
			cgroup = arguments[++i];
		else if (!strcmp(arguments[i], "--quiet"))
			quiet = 1;
		else
			path = arguments[i];
	}
	if (!path) {
		fprintf(stderr, "usage: runner [--cgroup PATH [--quiet]] OBJECT.o\n");
		return 2;
	}
	setvbuf(stdout, 0, _IOLBF, 0);
	object = start_sensor(path);
	if (cgroup)
		return trace(object, cgroup, quiet);
	/* What is no data path is proved by its being loaded. */
	return is_whole(object) ? self_test(object) : 0;
}
