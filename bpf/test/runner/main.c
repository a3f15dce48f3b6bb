// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loads an object without Java, for kernels in a virtual machine and for a look at what the kernel says.
 *
 * runner OBJECT.o                 attaches everything, lets conversations happen over loopback in a cgroup of its own, and checks each record.
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
#include "protocols.h"
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

/* One conversation of three processes over HTTP. */
static void converse(struct bpf_object *object)
{
	struct conversation conversation = start_conversation(make_inner_cgroup());

	flush(object);
	end_conversation(conversation);
	remove_inner_cgroup();
}

static void converse_in_all(struct bpf_object *object)
{
	play_protocols(make_inner_cgroup());
	remove_inner_cgroup();
}

/*
 * Consumes the ring, and counts, of a conversation; says it again where the kernel left out a hook, or one found its connection in the hands of another that was preempted.
 * Emulated programs are slow enough for both, which says nothing of the object.
 */
static struct counters listen_to(void (*converse)(struct bpf_object *), struct bpf_object *object, struct ring_buffer *ring, void (*forget)(void))
{
	for (int attempts = 0; attempts < MOST_ATTEMPTS; attempts++) {
		struct counters before = read_counters(object), counters;
		__u64 missed = read_missed(object);

		forget();
		converse(object);
		ring_buffer__consume(ring);
		missed = read_missed(object) - missed;
		counters = counters_since(&before, object);
		print_counters(&counters);
		if (missed || counters.of[SP_LOST_BUSY]) {
			printf("missed %llu, busy %llu\n", missed, counters.of[SP_LOST_BUSY]);
			continue;
		}
		return counters;
	}
	fail(EXIT_FAILED, "the kernel left out or interrupted hooks in each of %d conversations", MOST_ATTEMPTS);
}

static void must_lose_nothing(const struct counters *counters)
{
	if (first_loss(counters))
		fail(EXIT_FAILED, "something was lost: %s", first_loss(counters));
}

static struct seen seen;

static void forget_seen(void)
{
	seen = (struct seen){};
}

static int self_test(struct bpf_object *object)
{
	struct ring_buffer *ring = open_ring(object, see_record, &seen);
	struct counters counters;

	configure(object, make_outer_cgroup("spandrel-runner"));
	counters = listen_to(converse, object, ring, forget_seen);
	check_expected(&seen);
	must_lose_nothing(&counters);
	ring_buffer__free(ring);
	ring = open_ring(object, see_protocol, 0);
	counters = listen_to(converse_in_all, object, ring, forget_protocols);
	check_protocols();
	must_lose_nothing(&counters);
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
