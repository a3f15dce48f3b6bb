/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Protocols whose answers name their request by a number, and come in any order. One request in flight is with the connection, in c->open (`roles` is 0 while it
 * is empty); the others wait in sp_pipeline by their numbers. `next` - `first` is how many there are.
 */
#pragma once

/* Whose frame is passing: stream.numbered. */
enum sp_numbered { SP_NUMBERED_NONE = 0, SP_NUMBERED_ANSWERED, SP_NUMBERED_UNANSWERED, SP_NUMBERED_UNTOLD };

/* Instead of an enum sp_end: the exchange is over, and nothing is told of it. */
#define SP_UNTOLD 255

/* Bytes of an answer that go before what was captured of its request, where it gives that a name. */
#define SP_ANSWER_BYTES 32

/* The request of this number, if it is in flight. */
static __always_inline struct exchange *request_numbered(struct conn *c, __u32 number)
{
	if (!is_open(c))
		return 0;
	if (c->open.roles && c->open.serial == number)
		return &c->open;
	return in_flight(c) > !!c->open.roles ? queued_request(c, number) : 0;
}

/* Without headers to ask for; the trace id says what chance decides. */
static __always_inline void name_numbered(struct conn *c, struct scratch *s, struct exchange *x, __u32 number, __u64 kind_method)
{
	x->serial = number;
	x->kind = kind_method >> 8;
	x->method = kind_method;
	x->error_from = 1;
	x->capture = 0;
	x->request_bytes = s->frame.length;
	x->flags &= ~SP_CONFIG_BY_CHANCE;
	sp_give_context(s, x, c->endpoints.role, 0);
	if (x->flags & SP_OF_ELIGIBLE) /* where only requests with a trace header may have spans: it belongs to one */
		x->bits |= SP_ELIGIBLE;
}

/* Of more requests in flight by number on one connection it is only known that they are lost. */
#define SP_NUMBERED_DEPTH 1024

/* Beyond that each so-many-th looks whether there really are so many: it has to go through the whole table. */
#define SP_RECOUNTED 64

/* Another request in flight has its number: the answer to that one was not seen. */
static __always_inline void begin_again(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 number, __u64 kind_method)
{
	count(SP_LOST_PIPELINE);
	leave_task(&c->endpoints, &c->open);
	fill_request(&c->open, c, s, config);
	name_numbered(c, s, &c->open, number, kind_method);
}

/* The message in s->exchange whose other half did not come yet waits for it with the requests. */
__noinline int sp_put_half(struct conn *c, struct scratch *s)
{
	struct pipeline_key key = {};
	struct scratch *own;

	if (!c || !s || !s->half)
		return 0;
	key.id = c->endpoints.id;
	key.serial = s->half;
	s->half = 0;
	own = own_scratch(s);
	if (!own || bpf_map_update_elem(&sp_pipeline, &key, &own->exchange, BPF_ANY))
		count(SP_LOST_PIPELINE);
	return 0;
}

__noinline int sp_queue_numbered(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 number, __u64 kind_method)
{
	struct pipeline_key key = {};
	struct scratch *own;

	if (!c || !s || !config)
		return -1;
	if (c->open.serial == number) {
		begin_again(c, s, config, number, kind_method);
		return 0;
	}
	if (in_flight(c) >= SP_NUMBERED_DEPTH && !(bpf_get_prandom_u32() % SP_RECOUNTED))
		sp_recount(c);
	if (in_flight(c) >= SP_NUMBERED_DEPTH) {
		count(SP_LOST_PIPELINE);
		return 0;
	}
	if (s->half)
		sp_put_half(c, s);
	fill_request(&s->exchange, c, s, config);
	name_numbered(c, s, &s->exchange, number, kind_method);
	key.id = c->endpoints.id;
	key.serial = number;
	own = own_scratch(s);
	if (!own) {
		count(SP_LOST_PIPELINE);
	} else if (!bpf_map_update_elem(&sp_pipeline, &key, &own->exchange, BPF_NOEXIST)) {
		c->next++;
	} else {
		count(SP_LOST_PIPELINE);
		bpf_map_update_elem(&sp_pipeline, &key, &own->exchange, BPF_ANY);
	}
	return 0;
}

/* A request begins with the frame at hand. 0, also where there is no room for it, or a reason, negative. */
__noinline int sp_begin_numbered(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 number, __u64 kind_method)
{
	struct stream *answers;

	if (!c || !s || !config)
		return -1;
	answers = &c->stream[!s->direction];
	c->stream[s->direction & 1].batches = number;
	if (answers->early == SP_EARLY && answers->batches == number) {
		answers->early = 0;
		count(SP_LOST_ORDER);
		return 0;
	}
	answers->early = 0;
	if (is_open(c) && c->open.roles)
		return sp_queue_numbered(c, s, config, number, kind_method);
	if (!is_wanted(c, config, s->direction)) {
		c->endpoints.unwanted = 1;
		c->endpoints.generation = config->generation;
		return -1;
	}
	fill_request(&c->open, c, s, config);
	open_request(c, s);
	name_numbered(c, s, &c->open, number, kind_method);
	return 0;
}

/* No request of this number was seen that this answers. Perhaps that request's own hook is late. */
static __always_inline void answers_early(struct stream *st, __u32 number)
{
	st->batches = number;
	st->early = SP_EARLY;
}

/* The answer to this number begins with the frame at hand: its exchange, or none. */
static __always_inline struct exchange *answer_numbered(struct conn *c, struct scratch *s, struct stream *st, __u32 number)
{
	struct exchange *x = request_numbered(c, number);

	if (!x) {
		answers_early(st, number);
		return 0;
	}
	st->batches = number;
	st->numbered = SP_NUMBERED_ANSWERED;
	x->response_bytes += s->frame.length;
	if (!x->response_start)
		x->response_start = s->since;
	return x;
}

/* It leaves the connection's requests in flight. */
__noinline int sp_end_number(struct conn *c, struct scratch *s, __u32 number, __u64 how)
{
	struct pipeline_key key = {};
	struct exchange *x;

	if (!c || !s)
		return 0;
	x = request_numbered(c, number);
	if (!x)
		return 0;
	leave_task(&c->endpoints, x);
	if (how != SP_UNTOLD)
		sp_complete(s, x, &c->endpoints, how);
	c->first++;
	if (c->open.roles && c->open.serial == number) {
		c->open.roles = 0;
	} else {
		key.id = c->endpoints.id;
		key.serial = number;
		bpf_map_delete_elem(&sp_pipeline, &key);
	}
	return 0;
}

/* The frame at hand ends with these bytes. */
__noinline int sp_number_passed(struct conn *c, struct scratch *s)
{
	struct stream *st, *requests;
	struct exchange *x;
	__u8 whose;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	whose = st->numbered;
	if (!whose)
		return 0;
	st->numbered = SP_NUMBERED_NONE;
	x = request_numbered(c, st->batches);
	if (!x)
		return 0;
	requests = &c->stream[request_direction(c)];
	if (st == requests) {
		x->request_end = s->now;
		if (whose != SP_NUMBERED_UNANSWERED)
			return 0;
	} else {
		x->response_end = s->now;
		requests->bits |= SP_FRAME_CONFIRMED;
		if (requests->numbered && requests->batches == st->batches)
			sp_take_back(c, s); /* it is answered before all of it came */
	}
	return sp_end_number(c, s, st->batches, whose == SP_NUMBERED_UNTOLD ? SP_UNTOLD : SP_END_COMPLETE);
}

/* Of the frames that are passing when the connection's place is lost, or it or their exchange ends, only what passed counts: their whole length was put down at once. */
__noinline int sp_take_back(struct conn *c, struct scratch *s)
{
	if (!c || !s || !is_numbered(c))
		return 0;
	for (int direction = 0; direction < 2; direction++) {
		struct stream *st = &c->stream[direction];
		struct exchange *x = st->numbered ? request_numbered(c, st->batches) : 0;
		__u64 *bytes, left;

		st->numbered = SP_NUMBERED_NONE;
		if (!x)
			continue;
		bytes = direction == request_direction(c) ? &x->request_bytes : &x->response_bytes;
		left = st->state == SP_LENGTH ? st->remaining : s->frame.length;
		*bytes -= left < *bytes ? left : *bytes;
	}
	return 0;
}
