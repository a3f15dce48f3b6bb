/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The first bytes of bodies that HTTP/2 carries, for the agent, where a policy names what is told by them (docs/decisions/0022): as many as of HTTP/1. What they are the agent finds, which
 * knows methods and types of content; here it is only seen whether a request's body may be JSON, which those of gRPC and compressed ones are not.
 */
#pragma once

/* Of a stream: nothing of its bodies goes to the agent, or nothing more. */
#define SP_NO_BODY 0xffff

static __always_inline struct stream_key body_key(const struct conn *c, __u32 stream)
{
	struct stream_key key = { .id = c->endpoints.id, .stream = stream };

	return key;
}

/* Whether bytes of this frame of data, which has some, go to the agent. What is padded is not taken apart. */
__noinline int sp_h2_keeps(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 stream, __u64 padded)
{
	struct stream_bodies *kept, fresh = {};
	struct stream_key key;

	if (!c || !s || !config || !reads_bodies(config))
		return 0;
	key = body_key(c, stream);
	kept = bpf_map_lookup_elem(&sp_bodies, &key);
	if (s->direction != request_direction(c)) {
		if (!kept || !kept->asked || kept->asked == SP_NO_BODY)
			return 0;
		if (padded)
			kept->answered = SP_NO_BODY;
		return kept->answered < SP_ANSWERED_BYTES;
	}
	if (kept && padded)
		kept->asked = SP_NO_BODY;
	if (kept)
		return kept->asked < SP_BODY_BYTES;
	if (padded)
		fresh.asked = SP_NO_BODY;
	bpf_map_update_elem(&sp_bodies, &key, &fresh, BPF_ANY);
	return !padded;
}

__noinline int sp_h2_hole(const struct conn *c, __u64 direction)
{
	struct stream_bodies *kept;
	struct stream_key key;

	if (!c || c->endpoints.protocol != SP_PROTOCOL_HTTP2)
		return 0;
	key = body_key(c, c->stream[direction & 1].batches);
	kept = bpf_map_lookup_elem(&sp_bodies, &key);
	if (kept && direction == request_direction(c))
		kept->asked = SP_NO_BODY;
	else if (kept)
		kept->answered = SP_NO_BODY;
	return 0;
}

/* Whether a text of JSON may begin with this letter. */
static __always_inline int begins_json(__u8 letter)
{
	return letter == '{' || letter == '[' || letter == ' ' || (letter >= '\t' && letter <= '\r');
}

/* The range at hand has `used` bytes of the frame: they go to the agent, as far as there are not enough yet. Where a hole is, or no JSON, nothing more goes. */
__noinline int sp_h2_keep(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 used)
{
	struct stream_bodies *kept;
	struct stream_key key;
	struct stream *st;
	__u16 *so_far;
	__u64 want;
	int asks;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	key = body_key(c, st->batches);
	kept = bpf_map_lookup_elem(&sp_bodies, &key);
	if (!kept)
		return 0;
	asks = s->direction == request_direction(c);
	so_far = asks ? &kept->asked : &kept->answered;
	want = asks ? SP_BODY_BYTES : SP_ANSWERED_BYTES;
	if (*so_far >= want)
		return 0;
	want -= *so_far;
	if (want > used)
		want = used;
	SP_CHECKED(want);
	if (want > SP_BODY_BYTES)
		return 0;
	if (s->io.kind == SP_BUFFER_OPAQUE || bpf_probe_read_user(s->block, want, (void *)s->io.at) ||
	    (asks && !*so_far && !begins_json(byte_at(s, 0)))) {
		*so_far = SP_NO_BODY;
		return 0;
	}
	s->frame.at = s->frame.end = 0;
	sp_news_of(c, s, config, SP_NEWS_BODY, st->batches);
	last_news(s)->code = *so_far;
	news_bytes(s, 0, want);
	*so_far += want;
	return 0;
}
