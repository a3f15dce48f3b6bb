/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests of protocols of frames, and what they say once and speak of later. */
#pragma once

/* Bytes of statement text that are kept. */
#define SP_STATEMENT 1024

/* A request begins with the frame at hand. 0: it is not followed, or not wanted. */
static __always_inline struct exchange *begin_frames(struct conn *c, struct scratch *s, const struct trace_config *config, __u8 kind)
{
	struct exchange *x;

	if (sp_begin_request(c, s, config))
		return 0;
	x = current_request(c);
	if (!x)
		return 0;
	x->kind = kind;
	x->batch = c->stream[s->direction & 1].batches;
	x->error_from = 1;
	x->flags &= ~SP_CONFIG_BY_CHANCE; /* nothing was passed over: the trace id says what chance decides */
	sp_give_context(s, x, c->endpoints.role, 0);
	if (x->flags & SP_OF_ELIGIBLE) /* where only requests with a trace header may have spans: it belongs to one */
		x->bits |= SP_ELIGIBLE;
	x->capture = may_be_kept(x) ? SP_STATEMENT : 0;
	return x;
}

/* The five characters of an SQLSTATE, 6 bits each, as SqlState.java takes them. */
static __always_inline __u32 sqlstate_at(const struct scratch *s, __u32 at)
{
	__u32 state = 0;

	for (int i = 0; i < 5; i++)
		state = state << 6 | ((byte_at(s, at + i) - '0') & 63);
	return state;
}

/* The open request is answered. */
static __always_inline void finish_frames(struct conn *c, struct scratch *s)
{
	c->stream[request_direction(c)].bits |= SP_FRAME_CONFIRMED;
	c->open.response_end = s->now;
	sp_finish(c, s, SP_END_COMPLETE);
}

/* Kind of a request that nobody answers. */
#define SP_UNANSWERED 255

struct passing {
	struct conn *conn;
	struct scratch *scratch;
};

static __always_inline int needs_no_answer(const struct conn *c)
{
	return is_open(c) && c->open.kind == SP_UNANSWERED;
}

static long pass_one(__u64 index, struct passing *p)
{
	sp_finish(p->conn, p->scratch, SP_END_COMPLETE);
	return !needs_no_answer(p->conn);
}

/* Those that nobody answers are over when those before them are. */
__noinline int sp_pass_unanswered(struct conn *c, struct scratch *s)
{
	struct passing passing = { .conn = c, .scratch = s };

	if (c && s && needs_no_answer(c))
		bpf_loop(SP_PIPELINE_DEPTH, pass_one, &passing, 0);
	return 0;
}

static __always_inline void emit_statement(const struct conn *c, struct scratch *s, __u8 kind, __u32 length)
{
	struct statement_record *r = &s->statement;

	r->event.header.type = SP_EVENT_STATEMENT;
	r->event.header.version = 1;
	r->event.header.size = sizeof(r->event) + length;
	r->event.header.ktime_ns = s->now;
	r->event.connection = c->endpoints.id;
	r->event.length = length;
	r->event.protocol = c->endpoints.protocol;
	r->event.kind = kind;
	if (bpf_ringbuf_output(&sp_ring, r, sizeof(r->event) + length, wakeup_flags(sizeof(r->event) + length)))
		count(SP_LOST_RING_FULL);
}

/* A name for a statement, or another thing that later requests of the connection do not repeat: bytes [from, to) of the block. */
__noinline int sp_statement(struct conn *c, struct scratch *s, __u64 kind, __u32 from, __u32 to)
{
	__u32 length = to - from;

	if (!c || !s || from >= to || from > SP_BLOCK_END)
		return 0;
	if (length > SP_STATEMENT)
		length = SP_STATEMENT;
	bpf_probe_read_kernel(s->statement.bytes, length, &s->block[from]);
	emit_statement(c, s, kind, length);
	return 0;
}

/* The same of what was captured of the open request, where the answer gives it its id: that takes the place of the first four bytes, if it is not 0. */
__noinline int sp_statement_answered(struct conn *c, struct scratch *s, __u64 kind, __u32 id)
{
	const char *from;
	__u32 length;

	if (!c || !s || !is_open(c))
		return 0;
	length = c->open.head_len;
	from = c->open.prefix;
	if (c->open.bits & SP_IN_HEADS) {
		struct head *head = head_of(c->endpoints.id, c->open.serial);

		if (!head)
			return 0;
		from = head->bytes;
	} else if (length > SP_PREFIX) {
		length = SP_PREFIX;
	}
	if (length > SP_STATEMENT)
		length = SP_STATEMENT;
	bpf_probe_read_kernel(s->statement.bytes, length, from);
	if (id)
		__builtin_memcpy(s->statement.bytes, &id, 4);
	emit_statement(c, s, kind, length);
	return 0;
}

/* What was captured of the request whose answer is at hand, behind SP_ANSWER_BYTES of that from `from`: the name by which later requests speak of it. */
__noinline int sp_statement_numbered(struct conn *c, struct scratch *s, __u64 kind, __u32 from)
{
	struct exchange *x;
	const char *asked;
	__u32 length;

	if (!c || !s || from > SP_BLOCK_END)
		return 0;
	x = request_numbered(c, c->stream[s->direction & 1].batches);
	if (!x)
		return 0;
	length = x->head_len;
	asked = x->prefix;
	if (x->bits & SP_IN_HEADS) {
		struct head *head = head_of(c->endpoints.id, x->serial);

		if (!head)
			return 0;
		asked = head->bytes;
	} else if (length > SP_PREFIX) {
		length = SP_PREFIX;
	}
	if (length > SP_STATEMENT)
		length = SP_STATEMENT;
	bpf_probe_read_kernel(s->statement.bytes, SP_ANSWER_BYTES, &s->block[from]);
	bpf_probe_read_kernel(&s->statement.bytes[SP_ANSWER_BYTES], length, asked);
	emit_statement(c, s, kind, SP_ANSWER_BYTES + length);
	return 0;
}
