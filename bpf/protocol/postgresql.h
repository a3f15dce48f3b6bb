/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * PostgreSQL, frontend/backend protocol 3. A request is a simple query, a function call, or what leads from the first Parse or Bind to an Execute. What was parsed
 * and never executed becomes an exchange only where it fails.
 */
#pragma once

#define SP_SQL_SSL 80877103
#define SP_SQL_GSS 80877104
#define SP_SQL_CANCEL 80877102

/* A server takes no longer ones. */
#define SP_SQL_STARTUP_MAX 10000

enum sp_sql_kind { SP_SQL_PREPARED = 0, SP_SQL_EXECUTED, SP_SQL_SIMPLE, SP_SQL_NOTHING };

/* Of the client's stream: the batch at hand has a request. */
#define SP_SQL_BEGUN SP_FRAME_CONTINUED

/* Of the server's stream: a request of the batch in `batches` was answered, and what ends the batch is still to come. */
#define SP_SQL_ANSWERED SP_FRAME_BUILDING

/* The batch of a request that was pushed out. */
#define SP_SQL_UNKNOWN 256

static __always_inline __u32 big_endian(const struct scratch *s, __u32 at)
{
	return __builtin_bswap32((__u32)word_at(s, at));
}

#define SP_LETTER(c) (1ULL << ((c)&63))

/* Messages of each side: digits, then letters. */
static __always_inline int is_sql_message(__u8 type, int request)
{
	const __u64 asks = SP_LETTER('Q') | SP_LETTER('P') | SP_LETTER('B') | SP_LETTER('E') | SP_LETTER('S') | SP_LETTER('X') | SP_LETTER('D') |
			   SP_LETTER('C') | SP_LETTER('H') | SP_LETTER('F') | SP_LETTER('d') | SP_LETTER('c') | SP_LETTER('f') | SP_LETTER('p');
	const __u64 answers = SP_LETTER('R') | SP_LETTER('K') | SP_LETTER('S') | SP_LETTER('Z') | SP_LETTER('T') | SP_LETTER('D') | SP_LETTER('C') |
			      SP_LETTER('E') | SP_LETTER('N') | SP_LETTER('A') | SP_LETTER('I') | SP_LETTER('n') | SP_LETTER('s') | SP_LETTER('t') |
			      SP_LETTER('V') | SP_LETTER('G') | SP_LETTER('H') | SP_LETTER('W') | SP_LETTER('d') | SP_LETTER('c') | SP_LETTER('v');

	if (type < 64)
		return !request && type >= '1' && type <= '3';
	return type < 128 && ((request ? asks : answers) >> (type & 63) & 1);
}

/* Whether a conversation begins, or goes on, with these bytes. */
static __always_inline int looks_like_postgresql(const struct scratch *s, __u64 total)
{
	__u32 length = big_endian(s, 0), code = big_endian(s, 4);
	__u8 type = byte_at(s, 0);

	if (total >= 8 && length >= total && length <= SP_SQL_STARTUP_MAX && (code >> 16 == 3 || (code >= SP_SQL_CANCEL && code <= SP_SQL_GSS)))
		return SP_GUESS_STRONG | SP_GUESS_STARTUP;
	length = big_endian(s, 1);
	if ((type != 'Q' && type != 'P' && type != 'B') || length < 5 || length >= 1 << 24)
		return 0;
	if (length < total)
		return SP_GUESS_WEAK;
	return type == 'Q' && total > 8 && is_text(s, 5, total) ? SP_GUESS_WEAK : 0;
}

static __always_inline long postgresql_header_bytes(const struct stream *st)
{
	return st->bits & SP_FRAME_ONE_BYTE ? 1 : st->bits & SP_FRAME_STARTUP ? 8 : 5;
}

__noinline long sp_postgresql_header(struct conn *c, struct scratch *s)
{
	struct frame *f;
	struct stream *st;
	long want = 5;
	int request;

	if (!c || !s)
		return -1;
	f = &s->frame;
	st = &c->stream[s->direction & 1];
	request = s->direction == request_direction(c);
	if (st->bits & SP_FRAME_ONE_BYTE) {
		f->type = byte_at(s, f->at);
		f->length = 1;
		return 1;
	}
	if (st->bits & SP_FRAME_STARTUP) {
		f->type = 0;
		f->length = big_endian(s, f->at);
		if (f->length < 8 || f->length > SP_SQL_STARTUP_MAX)
			return -1;
		return f->length < SP_PEEK ? f->length : SP_PEEK;
	}
	f->type = byte_at(s, f->at);
	f->length = 1ULL + big_endian(s, f->at + 1);
	if (!is_sql_message(f->type, request) || f->length < 5 || f->length > 1ULL << 30)
		return -1;
	if (request ? f->type == 'Q' || f->type == 'P' || f->type == 'B' : f->type == 'E' || f->type == 'Z')
		want = SP_PEEK;
	return f->length < want ? f->length : want;
}

/* The five characters of an error's field C, 6 bits each; 0: it is not among the first. */
__noinline __u32 sp_sqlstate(const struct scratch *s, __u32 at, __u32 end)
{
	if (!s)
		return 0;
	for (int i = 0; i < SP_PEEK - 8; i++) {
		if (at + 7 > end)
			return 0;
		if ((masked_word_at(s, at) & 0xffff) == 'C' << 8)
			break;
		at += 1 + SP_UNTRACKED(s->scan.zero);
	}
	return sqlstate_at(s, at + 2);
}

/* A batch without a request, as when a statement is closed, is one that nothing is said of: the server is ready after it, too. */
static __always_inline void end_asked(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	if (!(st->bits & SP_SQL_BEGUN)) {
		struct exchange *x = begin_frames(c, s, config, SP_SQL_NOTHING);

		if (x)
			x->roles = 0;
	}
	st->bits &= ~(SP_FRAME_BUILDING | SP_SQL_BEGUN);
	st->batches++;
}

static __always_inline int sql_asks(struct conn *c, struct scratch *s, struct stream *st, const struct trace_config *config)
{
	struct frame *f = &s->frame;
	struct exchange *x = 0;
	__u32 to;

	to = f->end - f->at > f->length ? f->at + f->length : f->end;
	if (st->bits & SP_FRAME_STARTUP) {
		__u32 code = big_endian(s, f->at + 4);

		if (code >> 16 == 3) {
			st->bits &= ~SP_FRAME_STARTUP;
			sp_statement(c, s, 0, f->at, to); /* which database */
		} else if (code == SP_SQL_SSL || code == SP_SQL_GSS) {
			c->stream[!s->direction].bits |= SP_FRAME_ONE_BYTE;
		} else if (code != SP_SQL_CANCEL) {
			return -SP_LOST_FRAMING;
		}
		c->stream[!s->direction].state = SP_START;
		return 0;
	}
	switch (f->type) {
	case 'Q':
	case 'F':
		st->bits &= ~SP_FRAME_BUILDING;
		x = begin_frames(c, s, config, SP_SQL_SIMPLE);
		st->batches++;
		break;
	case 'P':
	case 'B':
		if (st->bits & SP_FRAME_BUILDING)
			x = current_request(c);
		else
			x = begin_frames(c, s, config, SP_SQL_PREPARED);
		st->bits |= SP_FRAME_BUILDING | SP_SQL_BEGUN;
		if (f->type == 'P' && byte_at(s, f->at + 5))
			sp_statement(c, s, 0, f->at, to);
		break;
	case 'E':
		if (st->bits & SP_FRAME_BUILDING)
			x = current_request(c);
		else
			x = begin_frames(c, s, config, SP_SQL_EXECUTED);
		st->bits &= ~SP_FRAME_BUILDING;
		st->bits |= SP_SQL_BEGUN;
		if (x)
			x->kind = SP_SQL_EXECUTED;
		return 0;
	case 'S':
		end_asked(c, s, st, config);
		return 0;
	default:
		return 0;
	}
	if (x && x->head_len < x->capture) {
		sp_capture(x, s, c->endpoints.id, f->at, to);
		st->bits |= SP_FRAME_CAPTURED;
	}
	return 0;
}

struct sql_batch {
	struct conn *conn;
	struct scratch *scratch;
	__u8 batch;
};

/* Nothing is known of the open request: others pushed it out. */
static __always_inline int is_pushed_out(const struct conn *c)
{
	return c->open.serial != c->first;
}

/* What else was of the batch that the server is ready after. */
static long end_of_batch(__u64 index, struct sql_batch *b)
{
	struct conn *c = b->conn;
	int last;

	if (!is_open(c) || c->open.batch != b->batch || (__u8)c->stream[request_direction(c)].batches == b->batch)
		return 1;
	last = is_pushed_out(c);
	if (c->open.kind != SP_SQL_SIMPLE) {
		if (c->open.kind == SP_SQL_EXECUTED)
			count(SP_COUNT_SKIPPED);
		c->open.roles = 0;
	}
	finish_frames(c, b->scratch);
	return last;
}

/* A request is answered, or a statement of a simple query. */
static __always_inline void request_answered(struct conn *c, struct scratch *s, struct stream *st)
{
	st->bits |= SP_SQL_ANSWERED;
	st->batches = is_pushed_out(c) ? SP_SQL_UNKNOWN : c->open.batch;
	if (c->open.kind != SP_SQL_SIMPLE)
		finish_frames(c, s);
}

/*
 * A batch is over. Its own requests were answered and are gone, or the rest was skipped after an error; where none was answered, it had nothing to execute, and so the
 * open request is not of it if it has.
 */
static __always_inline void server_ready(struct conn *c, struct scratch *s, struct stream *st)
{
	struct sql_batch batch = { .conn = c, .scratch = s, .batch = c->open.batch };

	if (!(st->bits & SP_SQL_ANSWERED) && c->open.kind == SP_SQL_EXECUTED)
		return;
	if ((st->bits & SP_SQL_ANSWERED) && st->batches != SP_SQL_UNKNOWN)
		batch.batch = st->batches;
	st->bits &= ~SP_SQL_ANSWERED;
	bpf_loop(SP_PIPELINE_DEPTH, end_of_batch, &batch, 0);
}

static __always_inline int sql_answers(struct conn *c, struct scratch *s, struct stream *st)
{
	struct frame *f = &s->frame;

	if (st->bits & SP_FRAME_ONE_BYTE) {
		st->bits &= ~SP_FRAME_ONE_BYTE;
		if (f->type == 'N')
			return 0;
		if (f->type != 'S' && f->type != 'G')
			return -SP_LOST_FRAMING;
		count(SP_COUNT_ENCRYPTED);
		c->stream[SP_INGRESS].state = SP_OPAQUE;
		c->stream[SP_EGRESS].state = SP_OPAQUE;
		return 0;
	}
	if (f->type == 'Z' && f->length != 6)
		return -SP_LOST_FRAMING;
	if (f->type == 'Z' && !is_open(c))
		st->bits &= ~SP_SQL_ANSWERED;
	if (!is_open(c) || f->type == 'A' || f->type == 'N' || f->type == 'S')
		return 0;
	if (!c->open.response_start && f->type != 'Z')
		c->open.response_start = s->now;
	switch (f->type) {
	case 'D':
		c->open.rows++;
		break;
	case 'E':
		if (c->open.kind == SP_SQL_NOTHING)
			break;
		c->open.status = sp_sqlstate(s, f->at + 5, f->end);
		request_answered(c, s, st);
		break;
	case 'C':
	case 'I':
	case 's':
	case 'V':
		if (c->open.kind == SP_SQL_EXECUTED || c->open.kind == SP_SQL_SIMPLE || is_pushed_out(c))
			request_answered(c, s, st);
		break;
	case 'Z':
		server_ready(c, s, st);
		break;
	}
	return 0;
}

__noinline int sp_postgresql_frame(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;

	if (!c || !s || !config)
		return -SP_LOST_FRAMING;
	st = &c->stream[s->direction & 1];
	return s->direction == request_direction(c) ? sql_asks(c, s, st, config) : sql_answers(c, s, st);
}
