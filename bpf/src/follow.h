/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Follows the bytes of one transfer through the state of their stream, step by step. */
#pragma once

/* Messages, chunks and segments that one transfer is followed through. */
#define SP_STEPS 4096

/* One step of the transfer. 0: go on; 1: the transfer is done with. */
static __always_inline int step_once(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	__u8 state, keeps;
	long used;

	if (!s->io.total)
		return 1;
	st = &c->stream[s->direction & 1];
	state = st->state;
	keeps = reads_bodies(config) && sp_keeps_body(c, s);
	/* The rest belongs to the body, wherever it lies. */
	if (!keeps && (state == SP_LENGTH || state == SP_CHUNK) && st->remaining >= s->io.total)
		s->io.left = s->io.total;
	if (!s->io.left)
		return !next_segment(s);
	s->scan.done = 0;
	if (state <= SP_HEAD) {
		if (state == SP_UNSYNCED && !s->fresh)
			return 1;
		if (s->io.kind == SP_BUFFER_OPAQUE) {
			if (state != SP_UNSYNCED)
				sp_give_up(c, s, SP_LOST_SYSCALL);
			return 1;
		}
		used = sp_step_head(c, s, config);
	} else if (state == SP_CHUNK_LINE) {
		if (s->io.kind == SP_BUFFER_OPAQUE) {
			sp_give_up(c, s, SP_LOST_SYSCALL);
			return 1;
		}
		used = sp_step_chunk_line(c, s);
	} else if (state == SP_LENGTH || state == SP_CHUNK) {
		if (keeps)
			sp_keep_body(c, s);
		used = s->io.left < st->remaining ? s->io.left : st->remaining;
		st->remaining -= used;
	} else if (state == SP_UNTIL_CLOSE) {
		used = s->io.left;
	} else {
		return 1;
	}
	if (used < 0) {
		if (used != SP_STEP_STOP)
			sp_give_up(c, s, -used);
		return 1;
	}
	if (st->state != SP_HEAD || !(st->bits & SP_START_LINE) || s->direction != request_direction(c))
		account(c, s, used); /* a request that has not begun yet takes its first bytes later */
	s->io.at += used;
	s->io.left -= used;
	s->io.total -= used;
	if (st->state != SP_UNSYNCED)
		s->fresh = 0;
	if (s->scan.done) {
		sp_head_done(c, s, config);
	} else if (state == SP_CHUNK && !st->remaining) {
		st->state = SP_CHUNK_LINE;
	} else if ((state == SP_LENGTH && !st->remaining) || (state == SP_CHUNK_LINE && st->state == SP_START)) {
		st->state = SP_START;
		message_end(c, s);
	}
	return 0;
}

struct walk {
	struct conn *conn;
	struct scratch *scratch;
	struct trace_config *config;
};

static long step(__u64 index, struct walk *w)
{
	return step_once(w->conn, w->scratch, w->config) ? 1 : 0;
}

/* Bytes of a response whose end only the close or silence can tell. */
__noinline int sp_more_until_close(struct conn *c, struct scratch *s)
{
	struct waiting *w;
	__u64 id;

	if (!c || !s)
		return 0;
	id = c->endpoints.id;
	w = bpf_map_lookup_elem(&sp_waiting, &id);
	if (w) {
		w->exchange.response_bytes += s->io.total;
		w->exchange.response_end = s->now;
	}
	return 0;
}

/* All bytes of the transfer described by s->io. The caller has set now, direction and the buffer. */
static __always_inline void follow(struct conn *c, struct scratch *s, struct trace_config *config)
{
	struct stream *st = &c->stream[s->direction & 1];
	struct walk walk = { .conn = c, .scratch = s, .config = config };
	int keeps;

	if (st->state == SP_OPAQUE)
		return;
	if (st->state == SP_UNTIL_CLOSE) {
		sp_more_until_close(c, s);
		return;
	}
	if (reads_bodies(config) && s->direction != request_direction(c))
		read_open_body(c, s);
	s->fresh = 1;
	if (st->state <= SP_START && s->io.kind != SP_BUFFER_OPAQUE)
		take_whole_head(c, s, st, config);
	keeps = reads_bodies(config) && sp_keeps_body(c, s);
	if (!keeps && (st->state == SP_LENGTH || st->state == SP_CHUNK) && st->remaining > s->io.total) {
		/* Inside a body: nothing to read. */
		st->remaining -= s->io.total;
		account(c, s, s->io.total);
		return;
	}
	if (!keeps && s->io.total && st->state == SP_LENGTH && st->remaining == s->io.total) {
		/* Its end. */
		account(c, s, s->io.total);
		s->io.total = 0;
		st->remaining = 0;
		st->state = SP_START;
		message_end(c, s);
		return;
	}
	if (s->io.total)
		bpf_loop(SP_STEPS, step, &walk, 0);
	if (s->io.total && st->state > SP_UNSYNCED && st->state != SP_OPAQUE)
		sp_give_up(c, s, SP_LOST_STEPS);
	if (st->state == SP_UNTIL_CLOSE && is_open(c))
		sp_wait(c, s);
}
