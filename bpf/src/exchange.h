/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests and responses of one connection: begun, captured, matched in order, ended. */
#pragma once

/* Of more requests in flight on one connection than this only the bytes are followed. */
#define SP_PIPELINE_DEPTH 64

/* Room for a usual Host line in what is captured of a head. */
#define SP_HOST_LINE 40

static __always_inline __u8 request_direction(const struct conn *c)
{
	return c->endpoints.role == SP_ROLE_CLIENT ? SP_EGRESS : SP_INGRESS;
}

static __always_inline int is_open(const struct conn *c)
{
	return c->first != c->next;
}

/* Both directions of a connection may be at work at once, on two processors: one waits for the other, for a moment. */
#define SP_TRIES 64

static __always_inline int take_conn(struct conn *c)
{
	for (int i = 0; i < SP_TRIES; i++)
		if (!__sync_lock_test_and_set(&c->busy, 1))
			return 1;
	return 0;
}

static __always_inline void release_conn(struct conn *c)
{
	__sync_lock_test_and_set(&c->busy, 0);
}

static __always_inline __u16 in_flight(const struct conn *c)
{
	return c->next - c->first;
}

/* The request whose bytes are passing: the latest begun; none if it was answered already, or there was no room for it. Not inlined: its frame is gone when the deep calls come. */
static __noinline struct exchange *current_request(struct conn *c)
{
	struct pipeline_key key = { .id = c->endpoints.id, .serial = (__u16)(c->next - 1) };

	if (!is_open(c))
		return 0;
	if (key.serial == c->first)
		return &c->open;
	return bpf_map_lookup_elem(&sp_pipeline, &key);
}

/* A connection in a role or on a port that nobody asked for is left alone until the configuration changes. */
static __always_inline int is_unwanted(struct conn *c, const struct trace_config *config)
{
	if (!c->endpoints.unwanted)
		return 0;
	if (c->endpoints.generation == (__u32)config->generation)
		return 1;
	c->endpoints.unwanted = 0;
	c->stream[SP_INGRESS].positioned = 0;
	c->stream[SP_EGRESS].positioned = 0;
	return 0;
}

/* Both streams wait for a start line. */
static __always_inline void unsync(struct conn *c)
{
	c->first = c->next;
	for (int i = 0; i < 2; i++) {
		c->stream[i].state = SP_UNSYNCED;
		c->stream[i].bits = 0;
		c->stream[i].positioned = 0; /* the other one has moved on as well */
		c->stream[i].early = 0;
	}
}

/* All that is open on the connection is given up, and both streams wait for a start line. */
__noinline int sp_give_up(struct conn *c, struct scratch *s, __u64 reason)
{
	if (!c || !s)
		return 0;
	if (reason < SP_COUNTERS)
		count_many(reason, in_flight(c) > 1 ? in_flight(c) : 1);
	if (is_open(c)) {
		leave_task(&c->endpoints, &c->open);
		if (c->open.status)
			sp_complete(s, &c->open, &c->endpoints, SP_END_LOST);
	}
	unsync(c);
	c->stream[SP_INGRESS].lost = 1;
	c->stream[SP_EGRESS].lost = 1;
	return 0;
}

/* The open exchange is over; the next one in flight, if any, becomes the open one. */
__noinline int sp_finish(struct conn *c, struct scratch *s, __u64 how)
{
	struct pipeline_key key = {};
	struct exchange *behind;

	if (!c || !s || !is_open(c))
		return 0;
	leave_task(&c->endpoints, &c->open);
	complete(s, &c->open, &c->endpoints, how);
	c->first++;
	if (!is_open(c))
		return 0;
	key.id = c->endpoints.id;
	key.serial = c->first;
	behind = bpf_map_lookup_elem(&sp_pipeline, &key);
	if (!behind) {
		/* There was no room for it, which was counted then, or there is none any more. Its answer is followed all the same. */
		c->open.roles = 0;
		c->open.status = 0;
		c->open.method = SP_METHOD_OTHER;
		c->open.response_bytes = 0;
		return 0;
	}
	bpf_probe_read_kernel(&c->open, sizeof(c->open), behind);
	bpf_map_delete_elem(&sp_pipeline, &key);
	return 0;
}

/* Appends block[from, to) to what is captured of the request's head. */
__noinline int sp_capture(struct exchange *x, struct scratch *s, __u64 id, __u32 to)
{
	__u32 have, limit;

	if (!x || !s)
		return 0;
	have = x->head_len;
	limit = x->capture;
	if (have >= limit)
		return 0;
	if (to > limit - have)
		to = limit - have;
	if (have == 0) {
		__builtin_memcpy(x->prefix, s->block, SP_PREFIX);
	} else {
		for (int i = 0; i < SP_PREFIX; i++) {
			__u32 at = have + i;

			SP_CHECKED(at);
			if (at >= SP_PREFIX || i >= to)
				break;
			SP_CHECKED(at);
			x->prefix[at] = s->block[i];
		}
	}
	if (have + to > SP_PREFIX) {
		struct pipeline_key key = { .id = id, .serial = x->serial };
		struct head *head = bpf_map_lookup_elem(&sp_heads, &key);

		if (!head) {
			static const struct head none;

			bpf_map_update_elem(&sp_heads, &key, &none, BPF_ANY);
			head = bpf_map_lookup_elem(&sp_heads, &key);
			if (head)
				bpf_probe_read_kernel(head->bytes, SP_PREFIX, x->prefix);
		}
		if (head && have < SP_HEAD_BYTES && to <= SP_HEAD_BYTES) {
			bpf_probe_read_kernel(&head->bytes[have], to, s->block);
			x->bits |= SP_IN_HEADS;
		}
	}
	x->head_len = have + to;
	return 0;
}

/* What is known of a request when it begins. All but the prefix is set. */
static __always_inline void fill_request(struct exchange *x, const struct conn *c, const struct scratch *s, const struct trace_config *config)
{
	__builtin_memset(x, 0, sizeof(*x) - SP_PREFIX);
	x->request_start = s->since;
	x->request_end = s->now;
	x->cgroup_id = s->cgroup_id;
	x->generation = config->generation;
	x->threshold = config->threshold;
	x->slower_than = config->slower_than_ns;
	x->flags = config->flags;
	x->policy = config->policy;
	x->max_spans = config->max_spans_per_second;
	x->pid = s->thread >> 32;
	x->tid = s->thread;
	x->serial = c->next;
	x->error_from = s->direction == SP_EGRESS ? config->client_error_from : config->server_error_from;
	x->capture = config->capture_bytes;
	x->roles = config->roles;
	if (!(config->flags & SP_CONFIG_CREATE_HEADER_PRESENT))
		x->bits |= SP_ELIGIBLE;
}

/* The request in c->open is the connection's only one. */
static __always_inline void open_request(struct conn *c, const struct scratch *s)
{
	c->endpoints.role = s->direction == SP_EGRESS ? SP_ROLE_CLIENT : SP_ROLE_SERVER;
	c->stream[SP_INGRESS].lost = 0;
	c->stream[SP_EGRESS].lost = 0;
	if (c->stream[!s->direction].state == SP_UNSYNCED)
		c->stream[!s->direction].state = SP_START;
	c->next++;
}

/* What its first line, which ends at `end`, says. */
static __always_inline void name_request(struct exchange *x, int method, int minor, __u32 end)
{
	x->method = method;
	x->minor = minor;
	/* The whole target, and a Host line behind it. */
	if (x->capture < end + SP_HOST_LINE)
		x->capture = end + SP_HOST_LINE < SP_HEAD_BYTES ? end + SP_HOST_LINE : SP_HEAD_BYTES;
}

/* Whether the exchange can still become a span, once its head is whole. */
static __always_inline int may_be_kept(const struct exchange *x)
{
	if (!(x->bits & SP_ELIGIBLE))
		return 0;
	return (x->bits & (SP_SAMPLED | SP_RULE_MATCHED)) || (x->flags & SP_CONFIG_KEEP_ERRORS) || x->slower_than;
}

/* A request behind others. Not inlined: its frame is gone when the deep calls come. */
__noinline int sp_queue_request(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct pipeline_key key = {};
	struct scratch *own;

	if (!c || !s || !config)
		return 0;
	fill_request(&s->exchange, c, s, config);
	key.id = c->endpoints.id;
	key.serial = c->next;
	own = own_scratch(s);
	if (!own || in_flight(c) >= SP_PIPELINE_DEPTH || bpf_map_update_elem(&sp_pipeline, &key, &own->exchange, BPF_ANY))
		count(SP_LOST_PIPELINE);
	c->next++;
	return 0;
}

/* A request line is whole: makes its exchange. 0, or a reason, negative, why it cannot be followed. */
__noinline int sp_begin_request(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	if (!c || !s || !config)
		return -1;
	if (is_open(c))
		return sp_queue_request(c, s, config);
	if (!is_wanted(c, config, s->direction)) {
		c->endpoints.unwanted = 1;
		c->endpoints.generation = config->generation;
		return -1;
	}
	if (c->stream[!s->direction].early == SP_EARLY)
		return -SP_LOST_ORDER;
	fill_request(&c->open, c, s, config);
	open_request(c, s);
	return 0;
}

/* The response's end is unknown: from now on sp_waiting owns the exchange. */
__noinline int sp_wait(struct conn *c, struct scratch *s)
{
	struct waiting *w;
	__u64 id;

	if (!c || !s)
		return 0;
	leave_task(&c->endpoints, &c->open);
	id = c->endpoints.id;
	w = &s->waiting;
	bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
	bpf_probe_read_kernel(&w->exchange, sizeof(w->exchange), &c->open);
	c->first = c->next;
	if (!w->exchange.roles)
		return 0;
	if (put_waiting(id, s)) {
		count(SP_LOST_WAITING);
		sp_complete(s, &w->exchange, &w->endpoints, SP_END_SILENCE);
	}
	return 0;
}

/* TCP is done with the connection while its owner still has bytes to read: the exchange waits for them, or for silence. */
__noinline int sp_defer_close(struct conn *c, struct scratch *s)
{
	struct waiting *w;
	__u64 id;

	if (!c || !s)
		return 0;
	id = c->endpoints.id;
	w = &s->waiting;
	bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
	bpf_probe_read_kernel(&w->exchange, sizeof(w->exchange), &c->open);
	if (!w->exchange.roles)
		return 0;
	if (!w->exchange.response_end)
		w->exchange.response_end = s->now;
	if (put_waiting(id, s))
		count(SP_LOST_WAITING);
	return 0;
}

/* Bytes are read after all: takes the exchange back, unless it was emitted meanwhile. */
__noinline int sp_resume(struct conn *c)
{
	__u64 id;

	if (!c)
		return 0;
	id = c->endpoints.id;
	if (delete_waiting(id))
		c->first = c->next;
	return 0;
}

/* Emits the connection's waiting exchange, if nobody did yet. */
__noinline int sp_end_waiting(__u64 id, struct scratch *s, __u64 how)
{
	struct waiting *w = bpf_map_lookup_elem(&sp_waiting, &id);

	if (!w || !s)
		return 0;
	bpf_probe_read_kernel(&s->waiting, sizeof(s->waiting), w);
	if (s->waiting.endpoints.closing)
		how = s->waiting.endpoints.closing;
	if (!delete_waiting(id))
		sp_complete(s, &s->waiting.exchange, &s->waiting.endpoints, how);
	return 0;
}
