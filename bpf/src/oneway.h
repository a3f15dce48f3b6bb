/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Messages that nobody answers, in either direction of a connection: each is an exchange of its own, that is over when it is here. */
#pragma once

/* What is known of the message that begins with the frame at hand; it is in s->exchange. 0: such messages are not wanted, or what they are of is only guessed. */
static __always_inline int name_one_way(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 kind_method, __u32 number)
{
	struct exchange *x = &s->exchange;

	if (!(c->stream[request_direction(c)].bits & SP_FRAME_CONFIRMED))
		return 0;
	if (!is_wanted(c, config, request_direction(c))) {
		c->endpoints.unwanted = 1;
		c->endpoints.generation = config->generation;
		return 0;
	}
	if (s->half)
		sp_put_half(c, s);
	fill_request(x, c, s, config);
	name_numbered(c, s, x, SP_ONE_WAY | number, kind_method);
	x->capture = SP_STATEMENT;
	x->rows = kind_method >> 32;
	return 1;
}

/* Keeps what is here of the frame at hand. */
static __always_inline void capture_one_way(struct conn *c, struct scratch *s, struct exchange *x)
{
	struct frame *f = &s->frame;

	if (may_be_kept(x))
		sp_capture(x, s, c->endpoints.id, f->at, f->end - f->at > f->length ? f->at + f->length : f->end);
}

/* The message at hand, which begins and ends here. The upper half of `kind_method` goes to the agent as the exchange's rows; `status`: what it says went wrong. */
__noinline int sp_one_way(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 kind_method, __u32 status)
{
	struct scratch *own;

	if (!c || !s || !config || !name_one_way(c, s, config, kind_method, 0))
		return 0;
	s->exchange.status = status;
	own = own_scratch(s);
	if (!own)
		return 0;
	capture_one_way(c, s, &own->exchange);
	leave_task(&c->endpoints, &own->exchange);
	sp_complete(s, &own->exchange, &c->endpoints, SP_END_COMPLETE);
	return 0;
}

/* Of a message in two frames: this direction's, on this channel. */
static __always_inline __u32 in_two(const struct scratch *s, __u32 channel)
{
	return (__u32)s->direction << 16 | (__u16)channel;
}

/* The first frame of a message in two: it waits for the other, which mostly comes with it; after this transfer it does so in sp_pipeline. */
__noinline int sp_one_way_begins(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 kind_method, __u32 channel)
{
	struct scratch *own;

	if (!c || !s || !config || !name_one_way(c, s, config, kind_method, in_two(s, channel)))
		return 0;
	own = own_scratch(s);
	if (!own)
		return 0;
	capture_one_way(c, s, &own->exchange);
	leave_task(&c->endpoints, &own->exchange);
	s->half = own->exchange.serial;
	return 0;
}

/* All of the message is here. */
static __always_inline void end_in_two(struct conn *c, struct scratch *s, struct exchange *x)
{
	x->request_end = s->now;
	x->request_bytes += s->frame.length;
	x->rows = x->head_len;
	capture_one_way(c, s, x);
	sp_complete(s, x, &c->endpoints, SP_END_COMPLETE);
}

/* The other frame is at hand; where it begins in what is kept goes to the agent as the exchange's rows. */
__noinline int sp_one_way_ends(struct conn *c, struct scratch *s, __u32 channel)
{
	struct pipeline_key key = {};
	struct scratch *own;
	struct exchange *x;

	if (!c || !s)
		return 0;
	key.id = c->endpoints.id;
	key.serial = SP_ONE_WAY | in_two(s, channel);
	if (s->half == key.serial) {
		s->half = 0;
		own = own_scratch(s);
		if (own)
			end_in_two(c, s, &own->exchange);
		return 0;
	}
	x = bpf_map_lookup_elem(&sp_pipeline, &key);
	if (!x)
		return 0;
	end_in_two(c, s, x);
	bpf_map_delete_elem(&sp_pipeline, &key);
	return 0;
}
