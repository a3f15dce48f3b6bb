/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The usual case on a short way: a head that is whole at the start of its transfer, and nothing else in flight on its connection. What is not usual in any way
 * is left to the long way (message.h), which begins anew.
 */
#pragma once

/* Steps of a scan that most heads are through with. */
#define SP_USUAL_STEPS 32

/* Reads the first bytes of the transfer and finds the lines of the head. Its length; 0: it is not whole. The filter is scan.filter. */
static __always_inline __u32 whole_head(struct scratch *s)
{
	__u64 want = s->io.left;
	int over;

	if (want > SP_FIRST_READ)
		want = SP_FIRST_READ;
	if (bpf_probe_read_user(s->block, want, (void *)s->io.at))
		return 0;
	if (want > SP_FIRST_READ)
		return 0;
	begin_scan(s, want);
	over = scan_on(s, SP_UNTRACKED(s->scan.zero), SP_USUAL_STEPS);
	for (int turn = 0; !over && turn < SP_FIRST_READ / 16 / SP_SCAN_STEPS; turn++)
		over = sp_scan_on(s);
	return s->scan.done ? s->scan.next : 0;
}

static __always_inline void consume(struct scratch *s, __u32 bytes)
{
	s->io.at += bytes;
	s->io.left -= bytes;
	s->io.total -= bytes;
	s->scan.done = 0;
	s->fresh = 0;
}

static __always_inline void begin_stream(struct stream *st)
{
	st->bits = 0;
	st->remaining = 0;
	st->head_bytes = 0;
}

/* The methods that most requests have; -1: another one, or none. */
static __always_inline int usual_method(__u64 word)
{
	if (first_bytes(word, 4) == SP_WORD("GET "))
		return SP_METHOD_GET;
	if (first_bytes(word, 5) == SP_WORD("POST "))
		return SP_METHOD_POST;
	if (first_bytes(word, 4) == SP_WORD("PUT "))
		return SP_METHOD_PUT;
	if (first_bytes(word, 5) == SP_WORD("HEAD "))
		return SP_METHOD_HEAD;
	if (first_bytes(word, 7) == SP_WORD("DELETE "))
		return SP_METHOD_DELETE;
	if (first_bytes(word, 6) == SP_WORD("PATCH "))
		return SP_METHOD_PATCH;
	return -1;
}

static __always_inline int whole_request(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 used)
{
	__u32 end = s->scan.first_end;
	int method = usual_method(word_at(s, 0)), minor;
	struct exchange *x = &c->open;
	struct stream *st;

	if (method < 0)
		return 0;
	minor = version_before(s, end);
	if (minor < 0)
		return 0;
	st = &c->stream[s->direction & 1];
	begin_stream(st);
	s->since = s->now;
	fill_request(x, c, s, config);
	if (read_lines(s, st, x, config)) {
		begin_stream(st);
		return 0;
	}
	open_request(c, s);
	name_request(x, s, config, method, minor, end);
	st->head_bytes = used;
	x->request_bytes = used;
	request_head_done(c, s, st, x, config);
	if (may_be_kept(x) || (x->flags & SP_READS_BODY))
		sp_capture(x, s, c->endpoints.id, 0, used);
	consume(s, used);
	return 1;
}

static __always_inline int whole_response(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 used)
{
	int status = status_of(s);
	struct stream *st;

	if (status < 200 || c->open.method == SP_METHOD_CONNECT)
		return 0;
	st = &c->stream[s->direction & 1];
	begin_stream(st);
	if (read_lines(s, st, &c->open, config)) {
		begin_stream(st);
		return 0;
	}
	c->open.status = status;
	c->open.response_start = s->now;
	c->open.response_end = s->now;
	c->open.response_bytes += used;
	consume(s, used);
	response_head_done(c, s, st);
	return 1;
}

/* The head of a request, or of the answer to the one that is open. 1: it was consumed. One function for both, and the reader of lines once in it, for the verifier's sake. */
__noinline int sp_whole(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	__u32 used;

	if (!c || !s || !config)
		return 0;
	SP_UNTRACKED(s->scan.filter) = answer_filter_of(config);
	s->scan.answer = is_open(c);
	if (!is_open(c)) {
		SP_UNTRACKED(s->scan.filter) = 0;
		if (c->stream[!s->direction].early == SP_EARLY || !is_wanted(c, config, s->direction))
			return 0;
		if (config->rule_set)
			SP_UNTRACKED(s->scan.filter) = filter_of(config);
	}
	used = whole_head(s);
	if (!used)
		return 0;
	return is_open(c) ? whole_response(c, s, config, used) : whole_request(c, s, config, used);
}

/* Whether a head was consumed that stands, whole, at the start of the transfer. */
static __always_inline int take_whole_head(struct conn *c, struct scratch *s, const struct stream *st, const struct trace_config *config)
{
	if (!s->io.left && !next_segment(s))
		return 0;
	if (is_open(c))
		return st->state == SP_START && s->direction != request_direction(c) && sp_whole(c, s, config);
	return (c->endpoints.role == SP_ROLE_NONE || s->direction == request_direction(c)) && sp_whole(c, s, config);
}
