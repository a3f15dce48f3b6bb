/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests begin. */
#pragma once

/* Of more requests in flight on one connection than this only the bytes are followed. */
#define SP_PIPELINE_DEPTH 1024

/* Room for a usual Host line in what is captured of a head. */
#define SP_HOST_LINE 40

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
static __always_inline void name_request(struct exchange *x, const struct scratch *s, const struct trace_config *config, int method, int minor,
					 __u32 end)
{
	x->method = method;
	x->minor = minor;
	/* The whole target, and a Host line behind it. */
	if (x->capture < end + SP_HOST_LINE)
		x->capture = end + SP_HOST_LINE < SP_HEAD_BYTES ? end + SP_HOST_LINE : SP_HEAD_BYTES;
	if (!(config->protocols & (1U << SP_PROTOCOL_HTTP)))
		x->flags |= SP_OF_CARRIER;
	if (is_named(config, SP_OVER_HTTP)) {
		sp_search_target(x, s, config, end);
		sp_expect_body(x, s, config, end);
	}
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
	/* What is not there, or is pushed out again, is counted when its turn comes. */
	if (own && in_flight(c) < SP_PIPELINE_DEPTH)
		bpf_map_update_elem(&sp_pipeline, &key, &own->exchange, BPF_ANY);
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
