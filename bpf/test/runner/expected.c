// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <string.h>

#include "expected.h"

#include "conversation.h"
#include "fail.h"
#include "records.h"
#include "spandrel/config.h"

enum { RECORDS = 2 * TALKS, FRONT_SERVER = 1 };

struct expected {
	enum talk talk;
	enum sp_role role;
	enum sp_method method;
	enum sp_end end;
	enum sp_parent parent;
	__u16 status;
	int of; /* SP_PARENT_THREAD: whose child */
};

/* Both ends of a talk stand side by side. */
static const struct expected table[RECORDS] = {
	{ FRONT, SP_ROLE_CLIENT, SP_METHOD_GET, SP_END_COMPLETE, SP_PARENT_HEADER, 200 },
	[FRONT_SERVER] = { FRONT, SP_ROLE_SERVER, SP_METHOD_GET, SP_END_COMPLETE, SP_PARENT_HEADER, 200 },
	{ BACK, SP_ROLE_CLIENT, SP_METHOD_POST, SP_END_COMPLETE, SP_PARENT_THREAD, 201, FRONT_SERVER },
	{ BACK, SP_ROLE_SERVER, SP_METHOD_POST, SP_END_COMPLETE, SP_PARENT_NONE, 201 },
	{ ENDLESS, SP_ROLE_CLIENT, SP_METHOD_GET, SP_END_SILENCE, SP_PARENT_NONE, 200 },
	{ ENDLESS, SP_ROLE_SERVER, SP_METHOD_GET, SP_END_SILENCE, SP_PARENT_NONE, 200 },
};

int see_record(void *context, void *data, size_t size)
{
	const struct event_header *header = data;
	struct seen *seen = context;

	check_size(header, size);
	if (header->type == SP_EVENT_CGROUP) {
		const struct cgroup_event *cgroup = data;

		print_cgroup(cgroup);
		seen->made += !cgroup->removed;
		return 0;
	}
	print_exchange(data);
	if (seen->count == MOST_SEEN || size > sizeof(seen->exchange[0]))
		fail(EXIT_FAILED, "more records, or longer ones, than the conversation can give");
	memcpy(&seen->exchange[seen->count++], data, size);
	return 0;
}

static int head_length(const char *request)
{
	return strstr(request, "\r\n\r\n") + 4 - request;
}

static int is_of(const struct exchange_event *event, const struct expected *expected)
{
	const char *request = talks[expected->talk].request;

	return event->role == expected->role && event->head_len == head_length(request) && !memcmp(event + 1, request, event->head_len);
}

static const struct exchange_event *find(const struct seen *seen, const struct expected *expected)
{
	const struct exchange_event *found = 0;

	for (int i = 0; i < seen->count; i++) {
		if (!is_of(&seen->exchange[i].event, expected))
			continue;
		if (found)
			fail(EXIT_FAILED, "record %td twice", expected - table);
		found = &seen->exchange[i].event;
	}
	if (!found)
		fail(EXIT_FAILED, "no record %td, with its role and its whole request head", expected - table);
	return found;
}

static void check(const struct expected *expected, const char *field, __u64 is, __u64 should)
{
	if (is != should)
		fail(EXIT_FAILED, "record %td: %s is %llu instead of %llu", expected - table, field, is, should);
}

static void check_context(const struct seen *seen, const struct expected *expected, const struct exchange_event *event)
{
	const struct exchange_event *parent = expected->parent == SP_PARENT_THREAD ? find(seen, &table[expected->of]) : 0;
	const __u8 *trace_id = parent ? parent->trace_id : talk_trace_id;
	__u64 parent_id = parent ? parent->span_id : 0;
	int in_trace = expected->parent != SP_PARENT_NONE;

	if (expected->parent == SP_PARENT_HEADER)
		memcpy(&parent_id, talk_parent_id, sizeof(parent_id));
	check(expected, "parent", event->parent, expected->parent);
	check(expected, "parent span id", event->parent_span_id, parent_id);
	check(expected, "in the trace of its parent", !memcmp(event->trace_id, trace_id, 16), in_trace);
	check(expected, "span id missing", !event->span_id, 0);
}

static void check_one(const struct seen *seen, const struct expected *expected)
{
	const struct exchange_event *event = find(seen, expected);
	const struct exchange_event *peer = find(seen, &table[(expected - table) ^ 1]);

	check(expected, "remote port", event->remote_port, peer->local_port);
	check(expected, "method", event->method, expected->method);
	check(expected, "status", event->status, expected->status);
	check(expected, "end", event->end, expected->end);
	check(expected, "minor version", event->minor_version, 1);
	check(expected, "request bytes", event->request_bytes, strlen(talks[expected->talk].request));
	check(expected, "response bytes", event->response_bytes, strlen(talks[expected->talk].response));
	check(expected, "times in order",
	      event->request_start_ns && event->request_start_ns <= event->request_end_ns && event->request_end_ns <= event->response_start_ns &&
		      event->response_start_ns <= event->response_end_ns,
	      1);
	check_context(seen, expected, event);
}

void check_expected(const struct seen *seen)
{
	for (int i = 0; i < RECORDS; i++)
		check_one(seen, &table[i]);
	if (seen->count != RECORDS || seen->made != 1)
		fail(EXIT_FAILED, "%d exchanges and %d cgroups instead of %d and 1", seen->count, seen->made, RECORDS);
}
