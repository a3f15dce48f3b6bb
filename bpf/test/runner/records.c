// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdio.h>

#include "records.h"

#include "fail.h"
#include "spandrel/config.h"

void check_size(const struct event_header *header, size_t size)
{
	if (header->size > size) /* it may be reserved larger than what it holds */
		fail(EXIT_FAILED, "a record of %zu bytes says it has %u", size, header->size);
}

const char *head_of(const struct exchange_event *exchange)
{
	return (const char *)(exchange + 1);
}

int line_length(const struct exchange_event *exchange)
{
	const char *head = head_of(exchange);
	int length = 0;

	while (length < exchange->head_len && head[length] != '\r' && head[length] != '\n')
		length++;
	return length;
}

void print_exchange(const struct exchange_event *e)
{
	printf("exchange protocol=%u rows=%u role=%s method=%u status=%u end=%u parent=%u keep=%u request=%llu response=%llu us=%lld pid=%u tid=%u "
	       "ports=%u-%u trace=",
	       e->protocol, e->rows, e->role == SP_ROLE_SERVER ? "server" : "client", e->method, e->status, e->end, e->parent, e->keep,
	       e->request_bytes, e->response_bytes, (long long)(e->response_end_ns - e->request_start_ns) / 1000, e->pid, e->tid, e->local_port,
	       e->remote_port);
	for (int i = 0; i < 16; i++)
		printf("%02x", e->trace_id[i]);
	printf(" span=%016llx from=%016llx head=%u \"%.*s\"\n", (unsigned long long)__builtin_bswap64(e->span_id),
	       (unsigned long long)__builtin_bswap64(e->parent_span_id), e->head_len, line_length(e), head_of(e));
}

void print_cgroup(const struct cgroup_event *cgroup)
{
	printf("cgroup %s id=%llu parent=%llu path=%s\n", cgroup->removed ? "removed" : "made", cgroup->cgroup_id, cgroup->parent_id, cgroup->path);
}
