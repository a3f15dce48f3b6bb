/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The first bytes of bodies, where a policy names what is told by them: kept behind what is captured of the head, the request's and then the answer's (docs/decisions/0022). */
#pragma once

/* So much is kept of a request's body, and of an answer's. */
#define SP_BODY_BYTES 2048
#define SP_ANSWERED_BYTES 512

/* So far into a request's line a parameter is looked for. */
#define SP_PARAMETER_PATH 256

/* Room for more of what is captured, as far as there is any. */
static __always_inline __u16 room_for(__u32 have, __u32 more)
{
	return have + more < SP_HEAD_BYTES ? have + more : SP_HEAD_BYTES - 1;
}

struct parameters {
	const struct scratch *scratch;
	__u64 end;
	int found;
};

static long parameter_at(__u64 i, struct parameters *p)
{
	const struct scratch *s = p->scratch;
	__u8 letter;
	__u64 word;

	if (i >= p->end)
		return 1;
	letter = s->block[i & (SP_PARAMETER_PATH - 1)];
	if (letter != '?' && letter != '&')
		return 0;
	word = word_at(s, (i & (SP_PARAMETER_PATH - 1)) + 1);
	p->found = first_bytes(word, 6) == SP_WORD("query=") || word == SP_WORD("extensio");
	return p->found;
}

/* The target has a parameter that a request of GraphQL has. */
static __always_inline int has_parameter(const struct scratch *s, __u64 end)
{
	struct parameters p = { .scratch = own_scratch(s), .end = end };

	if (p.scratch)
		bpf_loop(SP_PARAMETER_PATH, parameter_at, &p, 0);
	return p.found;
}

__noinline int sp_expect_body(struct exchange *x, const struct scratch *s, const struct trace_config *config, __u64 end)
{
	if (!x || !s || !config || !reads_bodies(config))
		return 0;
	if (x->method == SP_METHOD_POST) {
		if (config->protocols & (1U << SP_PROTOCOL_GRAPHQL))
			x->flags |= SP_MAY_BE_GRAPHQL;
		if (config->protocols & (1U << SP_PROTOCOL_JSONRPC))
			x->flags |= SP_MAY_BE_JSONRPC;
	} else if (x->method == SP_METHOD_GET && (config->protocols & (1U << SP_PROTOCOL_GRAPHQL)) && has_parameter(s, end)) {
		x->flags |= SP_MAY_BE_GRAPHQL;
		x->kind = SP_PROTOCOL_GRAPHQL;
	}
	if (x->flags & SP_READS_BODY)
		x->capture = SP_HEAD_BYTES - 1; /* the body is behind the whole head */
	return 0;
}

/* The head, of so many bytes, is whole. Where it was too long to be kept, nothing is kept behind it. Not inlined, as the next: the callers' frames are deep. */
__noinline int sp_keep_request_body(struct exchange *x, __u64 head_bytes)
{
	if (!x)
		return 0;
	if (head_bytes >= x->capture) {
		x->flags &= ~SP_READS_BODY;
		return 0;
	}
	x->rows = head_bytes;
	x->capture = room_for(head_bytes, SP_BODY_BYTES);
	return 0;
}

static __always_inline void forget_body(struct exchange *x)
{
	__u32 from = x->rows & 0xffff;

	if (from && x->head_len > from)
		x->head_len = from;
	x->rows = 0;
	x->flags &= ~SP_READS_BODY;
}

/* The answer's head is whole. What comes of the request yet is not kept. */
__noinline int sp_keep_response_body(struct exchange *x)
{
	if (!x || x->status < 200)
		return 0;
	if (!x->rows || (!x->kind && (x->bits & SP_REQUEST_WHOLE))) {
		forget_body(x); /* there was none, or not even the head was whole */
		return 0;
	}
	x->rows |= (__u32)x->head_len << 16;
	x->capture = may_be_kept(x) ? room_for(x->head_len, SP_ANSWERED_BYTES) : x->head_len;
	return 0;
}

/* The exchange whose body passes, if more of it is to be kept; 0: none. */
static __always_inline struct exchange *kept_body(struct conn *c, const struct scratch *s)
{
	int answer = s->direction != request_direction(c);
	struct exchange *x;
	__u8 state = c->stream[s->direction & 1].state;

	if (state != SP_LENGTH && state != SP_CHUNK)
		return 0;
	if (answer)
		x = is_open(c) ? &c->open : 0;
	else
		x = current_request(c);
	if (!x || !(x->flags & SP_READS_BODY) || x->head_len >= x->capture)
		return 0;
	return !!(x->rows >> 16) == answer ? x : 0;
}

__noinline int sp_keeps_body(struct conn *c, struct scratch *s)
{
	return c && s && kept_body(c, s);
}

/* There is a hole in the body: what is kept has none. */
static __always_inline void keep_no_more(struct conn *c, const struct scratch *s)
{
	struct exchange *x = kept_body(c, s);

	if (x)
		x->capture = x->head_len;
}

/* What the range at hand has of the body, or of the chunk, goes behind what is kept. */
__noinline int sp_keep_body(struct conn *c, struct scratch *s)
{
	struct exchange *x;
	struct stream *st;
	__u64 want;

	if (!c || !s)
		return 0;
	x = kept_body(c, s);
	if (!x)
		return 0;
	st = &c->stream[s->direction & 1];
	want = st->remaining;
	if (st->state == SP_CHUNK)
		want = want > 2 ? want - 2 : 0; /* without its line end */
	if (want > s->io.left)
		want = s->io.left;
	if (!want)
		return 0;
	if (want > SP_BODY_BYTES)
		want = SP_BODY_BYTES;
	SP_CHECKED(want);
	if (want > SP_BODY_BYTES)
		return 0;
	if (s->io.kind == SP_BUFFER_OPAQUE || bpf_probe_read_user(s->block, want, (void *)s->io.at)) {
		x->capture = x->head_len;
		return 0;
	}
	sp_capture(x, s, c->endpoints.id, 0, want);
	return 0;
}

/* The request's body as far as it was kept, in the room for statements. Bytes of it. Not inlined: its frame is gone then. */
__noinline int sp_take_body(const struct exchange *x, struct scratch *s, __u64 id)
{
	__u32 from, to, length;
	struct head *head;

	if (!x || !s)
		return 0;
	from = x->rows & 0xffff;
	to = x->rows >> 16;
	if (!to)
		to = x->head_len;
	if (!from || to <= from)
		return 0;
	length = to - from;
	SP_CHECKED(length);
	if (length > SP_BODY_BYTES)
		return 0;
	SP_CHECKED(from);
	if (!(x->bits & SP_IN_HEADS)) {
		if (to > SP_PREFIX)
			return 0; /* there was no room for it */
		SP_CHECKED(from);
		__builtin_memcpy(s->appended, x->prefix, SP_PREFIX);
		SP_CHECKED(length);
		bpf_probe_read_kernel(s->statement.bytes, length & 255, &s->appended[from & 255]);
		return length & 255;
	}
	head = head_of(id, x->serial);
	if (!head)
		return 0;
	/* Masks, for the verifier of 6.1 forgets a bound that was put on the stack. */
	SP_CHECKED(from);
	SP_CHECKED(length);
	bpf_probe_read_kernel(s->statement.bytes, length & (SP_HEAD_BYTES - 1), &head->bytes[from & (SP_HEAD_BYTES - 1)]);
	return length;
}

__noinline int sp_read_body(struct exchange *x, struct scratch *s, __u64 id)
{
	struct json_walk walk = {};
	struct json *j;

	if (!x || !s || x->kind)
		return 0;
	walk.scratch = own_scratch(s);
	if (!walk.scratch)
		return 0;
	j = &walk.scratch->json;
	__builtin_memset(j, 0, sizeof(*j));
	if (x->flags & SP_MAY_BE_GRAPHQL)
		j->asked |= SP_MEMBER_QUERY | SP_MEMBER_EXTENSIONS;
	if (x->flags & SP_MAY_BE_JSONRPC)
		j->asked |= SP_MEMBER_JSONRPC;
	j->end = sp_take_body(x, walk.scratch, id);
	bpf_loop(SP_BODY_BYTES, json_letter, &walk, 0);
	x->kind = j->found;
	return 0;
}

/* The request is whole. What is nothing of the kind keeps no bytes of its bodies. */
static __always_inline void end_body(struct exchange *x, struct scratch *s, __u64 id)
{
	sp_read_body(x, s, id);
	if (!x->kind)
		forget_body(x);
}

/* The request may never be whole, for it is answered, or its connection ends: what is here of its body says what it is. */
static __always_inline void read_open_body(struct conn *c, struct scratch *s)
{
	if (is_open(c) && (c->open.flags & SP_READS_BODY) && !(c->open.bits & SP_REQUEST_WHOLE))
		sp_read_body(&c->open, s, c->endpoints.id);
}
