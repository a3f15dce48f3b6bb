/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Heads on the long way: in parts, behind other bytes, or of a kind that needs a second look. */
#pragma once

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
static __always_inline long not_a_message(struct stream *st, __u64 reason)
{
	if (!(st->bits & SP_TENTATIVE))
		return -(long)reason;
	st->state = SP_UNSYNCED;
	st->bits = 0;
	return SP_STEP_STOP;
}

static __always_inline int begins_response(const struct scratch *s)
{
	int some = s->scan.length < 7 ? s->scan.length : 7;

	return first_bytes(word_at(s, 0), some) == first_bytes(SP_WORD("HTTP/1."), some);
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

		if (!end && have < 12)
			return begins_response(s) ? 0 : -1;
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

/* A part of a head. Bytes consumed, SP_STEP_STOP, or a reason, negative, to give up. */
__noinline long sp_step_head(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	struct exchange *x = 0;
	__u32 want, have, used, carried;
	int taken, kind, begins, more, first_line;

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
		/* Between exchanges, and the other side begins: is it the answer to a request whose own hook is late? */
		st->early = st->state == SP_START && c->stream[!s->direction].state == SP_START && c->endpoints.role != SP_ROLE_NONE &&
			    s->direction != request_direction(c) && kind == SP_EXPECT_REQUEST;
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
		return not_a_message(st, SP_LOST_CARRY);
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
		return not_a_message(st, SP_LOST_READ_FAULT);
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
	s->scan.answer = kind == SP_EXPECT_RESPONSE;
	s->scan.filter = kind == SP_EXPECT_REQUEST ? filter_of(config) : answer_filter_of(config);
	sp_scan(s);
	used = s->scan.next;
	if (begins && more && !used && s->scan.reached == have)
		return 0; /* not one whole line in the short first read: again with a longer one */
	if ((st->bits & SP_TENTATIVE) && s->scan.first_end && is_proxy_line(s)) {
		st->state = SP_UNSYNCED;
		st->bits = 0;
		return (long)s->scan.first_end - carried;
	}
	first_line = st->bits & SP_START_LINE;
	if (first_line) {
		int lost = sp_start_line(c, s, config, kind, more);

		if (lost && st->early)
			st->early = begins_response(s) ? SP_EARLY : 0;
		if (lost == -1)
			return not_a_message(st, kind == SP_EXPECT_RESPONSE ? SP_LOST_RESPONSE : SP_LOST_FRAMING);
		if (lost)
			return not_a_message(st, -lost);
	}
	if (kind == SP_EXPECT_REQUEST && !(st->bits & SP_START_LINE))
		x = current_request(c);
	if (x && first_line)
		x->request_bytes = carried; /* what came before the line was whole */
	if (read_lines(s, st, s->scan.answer ? &c->open : x, config))
		return not_a_message(st, SP_LOST_FRAMING);

	if (!s->scan.done && used < have) {
		if ((more || s->scan.reached < have) && used > carried) {
			/* The rest of the head is in this range: read on from the start of its line. */
		} else if (!more && s->scan.reached == have && have - used <= SP_CARRY_BYTES) {
			if (sp_carry_line(c, s, used, have - used))
				return not_a_message(st, SP_LOST_CARRY);
			if (x)
				sp_capture(x, s, c->endpoints.id, 0, used);
			st->head_bytes += used;
			return want;
		} else {
			/* A line longer than can be held is judged by what is here. */
			st->bits |= SP_SKIP_LINE;
			used = s->scan.reached;
		}
	}
	if (x)
		sp_capture(x, s, c->endpoints.id, 0, used);
	if (x && (st->bits & SP_SKIP_LINE) && x->capture > x->head_len) {
		x->capture = x->head_len; /* what is captured is as sent, without a hole */
		count(SP_TRUNCATED_HEAD);
	}
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
