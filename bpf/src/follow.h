/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Follows the bytes of one transfer through the state of their stream, step by step. */
#pragma once

/* Messages, chunks and segments that one transfer is followed through. */
#define SP_STEPS 4096

/* A message may start here: which one, if any? */
enum sp_expect { SP_EXPECT_NOTHING = 0, SP_EXPECT_REQUEST, SP_EXPECT_RESPONSE };

static __always_inline int expected(const struct conn *c, __u8 direction)
{
	if (c->endpoints.role == SP_ROLE_NONE || direction == request_direction(c))
		return SP_EXPECT_REQUEST;
	if (is_open(c))
		return SP_EXPECT_RESPONSE;
	/* The other side of a connection whose owner is quiet: its role may have been taken wrongly, or have changed. */
	return c->stream[!direction].state <= SP_START ? SP_EXPECT_REQUEST : SP_EXPECT_NOTHING;
}

/* Not what was expected: taken back silently where it was only a guess; else the place in the stream is lost. */
static __always_inline long not_a_message(struct conn *c, struct scratch *s, struct stream *st, __u64 reason)
{
	if (st->bits & SP_TENTATIVE) {
		st->state = SP_UNSYNCED;
		st->bits = 0;
	} else {
		sp_give_up(c, s, reason);
	}
	return SP_STEP_STOP;
}

/* What the first line of a head says, as far as it is here. 0; -1: this is no message; or another reason, negative. */
__noinline int sp_start_line(struct conn *c, struct scratch *s, const struct trace_config *config, __u64 kind, __u64 more)
{
	struct stream *st;
	__u32 have, end, length = 0;

	if (!c || !s || !config)
		return -1;
	st = &c->stream[s->direction & 1];
	have = s->scan.length;
	end = s->scan.first_end;
	if (kind == SP_EXPECT_RESPONSE) {
		int status;

		if (!end && have < 12) {
			int some = have < 7 ? have : 7;

			return first_bytes(word_at(s, 0), some) == first_bytes(SP_WORD("HTTP/1."), some) ? 0 : -1;
		}
		status = status_of(s);
		if (status < 0)
			return -1;
		c->open.status = status;
		c->open.response_start = s->since;
		st->bits &= ~SP_START_LINE;
		return 0;
	}
	if (method_of(s, have, &length) < 0)
		return -1;
	/* A line too long to wait for its end is judged by its method. */
	if (end || (!more && have > SP_CARRY_BYTES) || have >= SP_BLOCK) {
		int lost = request_line(c, s, config, end ? end : have, end != 0);

		if (lost)
			return lost;
		st->bits &= ~(SP_START_LINE | SP_TENTATIVE);
	}
	return 0;
}

/* A part of a head. Bytes consumed, or SP_STEP_STOP. */
__noinline long sp_step_head(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	struct exchange *x = 0;
	__u32 want, have, used, carried;
	int taken, kind, begins, more;

	if (!c || !s || !config)
		return SP_STEP_STOP;
	st = &c->stream[s->direction & 1];
	begins = st->state != SP_HEAD;
	if (begins) {
		kind = expected(c, s->direction);
		if (kind == SP_EXPECT_NOTHING) {
			st->state = SP_UNSYNCED;
			return SP_STEP_STOP;
		}
		s->since = s->now;
		st->bits = SP_START_LINE;
		if (kind == SP_EXPECT_REQUEST && (st->state == SP_UNSYNCED || s->direction != request_direction(c)))
			st->bits |= SP_TENTATIVE;
		st->head_bytes = 0;
		st->remaining = 0;
	} else {
		kind = s->direction == request_direction(c) || (st->bits & SP_TENTATIVE) ? SP_EXPECT_REQUEST : SP_EXPECT_RESPONSE;
		if (kind == SP_EXPECT_RESPONSE && !is_open(c)) {
			st->state = SP_UNSYNCED;
			return SP_STEP_STOP;
		}
	}
	taken = take_carry(c, s, st);
	if (taken < 0)
		return not_a_message(c, s, st, SP_LOST_CARRY);
	want = begins ? SP_FIRST_READ : SP_BLOCK;
	more = want < s->io.left;
	if (!more)
		want = s->io.left;
	carried = taken;
	SP_CHECKED(carried);
	SP_CHECKED(want);
	if (want > SP_BLOCK || carried > SP_CARRY_BYTES)
		return SP_STEP_STOP;
	SP_CHECKED(carried);
	SP_CHECKED(want);
	if (bpf_probe_read_user(&s->block[carried], want, (void *)s->io.at))
		return not_a_message(c, s, st, SP_LOST_READ_FAULT);
	have = carried + want;
	SP_CHECKED(have);
	if (have > SP_BLOCK_END)
		return SP_STEP_STOP;
	SP_CHECKED(have);
	__builtin_memset(&s->block[have], 0, 16);
	if (st->bits & SP_TENTATIVE) {
		used = proxy_header(s);
		if (begins && used && used <= have)
			return used;
	}
	if (begins && kind == SP_EXPECT_REQUEST && is_line_end(s->block[0]))
		return 1; /* an empty line before a request */

	st->state = SP_HEAD;
	s->scan.length = have;
	if (st->bits & SP_SKIP_LINE) {
		s->scan.inside = 1;
		s->scan.filter = 0;
		sp_scan(s);
		s->scan.inside = 0;
		used = s->scan.first_end;
		s->scan.done = 0;
		if (!used)
			used = s->scan.reached;
		else
			st->bits &= ~SP_SKIP_LINE;
		st->head_bytes += used;
		return used;
	}
	s->scan.start_line = st->bits & SP_START_LINE ? 1 : 0;
	s->scan.filter = filter_of(config, kind == SP_EXPECT_REQUEST);
	sp_scan(s);
	used = s->scan.next;
	if (begins && more && !used && s->scan.reached == have)
		return 0; /* not one whole line in the short first read: again with a longer one */
	if ((st->bits & SP_TENTATIVE) && s->scan.first_end && is_proxy_line(s)) {
		st->state = SP_UNSYNCED;
		st->bits = 0;
		return (long)s->scan.first_end - carried;
	}
	if (st->bits & SP_START_LINE) {
		int lost = sp_start_line(c, s, config, kind, more);

		if (lost == -1)
			return not_a_message(c, s, st, kind == SP_EXPECT_RESPONSE ? SP_LOST_RESPONSE : SP_LOST_FRAMING);
		if (lost)
			return not_a_message(c, s, st, -lost);
	}
	if (kind == SP_EXPECT_REQUEST && !(st->bits & SP_START_LINE))
		x = current_request(c);
	if (read_lines(s, st, x, config))
		return not_a_message(c, s, st, SP_LOST_FRAMING);

	if (!s->scan.done && used < have) {
		if ((more || s->scan.reached < have) && used > carried) {
			/* The rest of the head is in this range: read on from the start of its line. */
		} else if (!more && s->scan.reached == have && have - used <= SP_CARRY_BYTES) {
			if (sp_carry_line(c, s, used, have - used))
				return not_a_message(c, s, st, SP_LOST_CARRY);
			if (x)
				sp_capture(x, s, c->endpoints.id, used);
			st->head_bytes += used;
			return want;
		} else {
			/* A line longer than can be held is judged by what is here. */
			st->bits |= SP_SKIP_LINE;
			used = s->scan.reached;
		}
	}
	if (x)
		sp_capture(x, s, c->endpoints.id, used);
	st->head_bytes += used;
	return (long)used - carried;
}

/* The head's empty line was there. */
__noinline int sp_head_done(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;

	if (!c || !s || !config)
		return 0;
	s->scan.done = 0;
	st = &c->stream[s->direction & 1];
	if (s->direction == request_direction(c))
		request_head_done(c, s, st, current_request(c), config);
	else
		response_head_done(c, s, st);
	return 0;
}

/* Chunk size lines and the trailer, byte by byte. Bytes consumed, or SP_STEP_STOP. */
__noinline long sp_step_chunk_line(struct conn *c, struct scratch *s)
{
	struct stream *st;
	__u32 want = 32;
	int i;

	if (!c || !s)
		return SP_STEP_STOP;
	st = &c->stream[s->direction & 1];
	if (want > s->io.left)
		want = s->io.left;
	if (bpf_probe_read_user(s->block, want & 63, (void *)s->io.at)) {
		sp_give_up(c, s, SP_LOST_READ_FAULT);
		return SP_STEP_STOP;
	}
	for (i = 0; i < 32; i++) {
		char b = s->block[i];
		__u8 digit = 0xff;

		if (i >= want)
			break;
		if (st->bits & SP_TRAILER) {
			if (b == '\n') {
				if (st->line_empty) {
					st->state = SP_START;
					st->bits = 0;
					return i + 1;
				}
				st->line_empty = 1;
			} else if (b != '\r') {
				st->line_empty = 0;
			}
			continue;
		}
		if (b >= '0' && b <= '9')
			digit = b - '0';
		else if ((b | 0x20) >= 'a' && (b | 0x20) <= 'f')
			digit = (b | 0x20) - 'a' + 10;
		if (b == '\n') {
			if (!(st->bits & SP_HAS_LENGTH))
				goto broken; /* no digit at all */
			st->bits &= ~(SP_SIZE_DONE | SP_HAS_LENGTH);
			if (st->remaining) {
				st->remaining += 2;
				st->state = SP_CHUNK;
				return i + 1;
			}
			st->bits |= SP_TRAILER;
			st->line_empty = 1;
		} else if (!(st->bits & SP_SIZE_DONE)) {
			if (digit == 0xff) {
				if (b != ';' && b != '\r' && !is_blank(b))
					goto broken;
				st->bits |= SP_SIZE_DONE;
			} else {
				if (st->remaining >> 56)
					goto broken;
				st->remaining = st->remaining << 4 | digit;
				st->bits |= SP_HAS_LENGTH;
			}
		}
	}
	return want;
broken:
	sp_give_up(c, s, SP_LOST_FRAMING);
	return SP_STEP_STOP;
}

/* A message of this direction ended with the bytes at hand. */
__noinline int sp_message_end(struct conn *c, struct scratch *s)
{
	if (!c || !s)
		return 0;
	if (s->direction == request_direction(c)) {
		struct exchange *x = current_request(c);

		if (x) {
			x->request_end = s->now;
			x->bits |= SP_REQUEST_WHOLE;
		}
	} else if (is_open(c)) {
		c->open.response_end = s->now;
		sp_finish(c, s, SP_END_COMPLETE);
	}
	return 0;
}

/* Bytes that belong to the message at hand are counted with it. */
static __always_inline void account(struct conn *c, struct scratch *s, __u64 bytes)
{
	if (s->direction == request_direction(c)) {
		struct exchange *x = current_request(c);

		if (x) {
			x->request_bytes += bytes;
			x->request_end = s->now;
		}
	} else if (is_open(c)) {
		c->open.response_bytes += bytes;
		c->open.response_end = s->now;
	}
}

/* The next segment of a vector. 0 if there is none. */
static __always_inline int next_segment(struct scratch *s)
{
	struct iovec_user segment;

	if (!s->io.total || s->io.kind != SP_BUFFER_VECTOR || !s->io.segments)
		return 0;
	if (bpf_probe_read_user(&segment, sizeof(segment), (void *)s->io.vector)) {
		count(SP_LOST_READ_FAULT);
		return 0;
	}
	s->io.vector += sizeof(segment);
	s->io.segments--;
	s->io.at = segment.base;
	s->io.left = segment.length < s->io.total ? segment.length : s->io.total;
	return 1;
}

/* One step of the transfer. 0: go on; 1: the transfer is done with. */
static __always_inline int step_once(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	__u8 state;
	long used;

	if (!s->io.total)
		return 1;
	st = &c->stream[s->direction & 1];
	state = st->state;
	/* The rest belongs to the body, wherever it lies. */
	if ((state == SP_LENGTH || state == SP_CHUNK) && st->remaining >= s->io.total)
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
		used = s->io.left < st->remaining ? s->io.left : st->remaining;
		st->remaining -= used;
	} else if (state == SP_UNTIL_CLOSE) {
		used = s->io.left;
	} else {
		return 1;
	}
	if (used < 0)
		return 1;
	account(c, s, used);
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
		sp_message_end(c, s);
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

/*
 * The position in the byte stream, proved by TCP's own sequence numbers: bytes that no hook saw are skipped where they belong to a body of known length, and else
 * give the connection up.
 */
__noinline int sp_check_position(struct conn *c, struct scratch *s, __u32 after)
{
	struct stream *st;
	__u32 before, missed;

	if (!c || !s)
		return 0;
	st = &c->stream[s->direction & 1];
	before = after - (__u32)s->io.total;
	missed = before - st->position;
	if (missed == 1 && s->fin_read) {
		/* The peer's FIN takes a sequence number of its own. */
		missed = 0;
		after--;
	}
	if (st->positioned && missed && st->state > SP_UNSYNCED && st->state < SP_UNTIL_CLOSE) {
		if ((st->state == SP_LENGTH || st->state == SP_CHUNK) && missed < st->remaining) {
			st->remaining -= missed;
			account(c, s, missed);
		} else if (st->state == SP_LENGTH && missed == st->remaining) {
			st->remaining = 0;
			account(c, s, missed);
			st->state = SP_START;
			sp_message_end(c, s);
		} else {
			sp_give_up(c, s, SP_LOST_GAP);
		}
	}
	st->position = after;
	st->positioned = 1;
	return 0;
}

/* All bytes of the transfer described by s->io. The caller has set now, direction and the buffer. */
static __always_inline void follow(struct conn *c, struct scratch *s, struct trace_config *config)
{
	struct stream *st = &c->stream[s->direction & 1];
	struct walk walk = { .conn = c, .scratch = s, .config = config };

	if (st->state == SP_OPAQUE)
		return;
	if ((st->state == SP_LENGTH || st->state == SP_CHUNK) && st->remaining > s->io.total) {
		/* Inside a body: nothing to read. */
		st->remaining -= s->io.total;
		account(c, s, s->io.total);
		return;
	}
	if (st->state == SP_UNTIL_CLOSE) {
		sp_more_until_close(c, s);
		return;
	}
	s->fresh = 1;
	bpf_loop(SP_STEPS, step, &walk, 0);
	if (s->io.total && st->state > SP_UNSYNCED && st->state != SP_OPAQUE)
		sp_give_up(c, s, SP_LOST_STEPS);
	if (st->state == SP_UNTIL_CLOSE && is_open(c))
		sp_wait(c, s);
}
