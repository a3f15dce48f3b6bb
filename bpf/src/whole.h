/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The usual case on a short way: a head that is whole at the start of its transfer, and nothing else in flight on its connection. What is not usual in any way
 * is left to the long way (message.h), which begins anew.
 */
#pragma once

/* Reads the first bytes of the transfer and finds the lines of the head. Its length; 0: it is not whole. */
static __always_inline __u32 whole_head(struct scratch *s, __u64 filter)
{
	__u64 want = s->io.left;

	if (want > SP_FIRST_READ)
		want = SP_FIRST_READ;
	if (bpf_probe_read_user(s->block, want, (void *)s->io.at))
		return 0;
	if (want > SP_FIRST_READ)
		return 0;
	begin_scan(s, want);
	s->scan.filter = filter;
	if (!scan_on(s, SP_UNTRACKED(s->scan.zero)) && !sp_scan_on(s))
		sp_scan_on(s);
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

__noinline int sp_whole_request(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct exchange *x;
	struct stream *st;
	__u32 used, end;
	int method, minor;

	if (!c || !s || !config)
		return 0;
	if (c->stream[!s->direction].early == SP_EARLY || !is_wanted(c, config, s->direction))
		return 0;
	used = whole_head(s, config->rule_set ? filter_of(config) : 0);
	if (!used)
		return 0;
	end = s->scan.first_end;
	method = usual_method(word_at(s, 0));
	if (method < 0)
		return 0;
	minor = version_before(s, end);
	if (minor < 0)
		return 0;
	st = &c->stream[s->direction & 1];
	begin_stream(st);
	s->since = s->now;
	x = &c->open;
	fill_request(x, c, s, config);
	if (read_lines(s, st, x, config)) {
		begin_stream(st);
		return 0;
	}
	open_request(c, s);
	name_request(x, method, minor, end);
	st->head_bytes = used;
	x->request_bytes = used;
	request_head_done(c, s, st, x, config);
	if (may_be_kept(x))
		sp_capture(x, s, c->endpoints.id, used);
	consume(s, used);
	return 1;
}

__noinline int sp_whole_response(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	__u32 used;
	int status;

	if (!c || !s || !config)
		return 0;
	used = whole_head(s, 0);
	if (!used)
		return 0;
	status = status_of(s);
	if (status < 200 || c->open.method == SP_METHOD_CONNECT)
		return 0;
	st = &c->stream[s->direction & 1];
	begin_stream(st);
	if (read_lines(s, st, 0, config)) {
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

/* Whether a head was consumed that stands, whole, at the start of the transfer. */
static __always_inline int take_whole_head(struct conn *c, struct scratch *s, const struct stream *st, const struct trace_config *config)
{
	if (!s->io.left && !next_segment(s))
		return 0;
	if (is_open(c))
		return st->state == SP_START && s->direction != request_direction(c) && sp_whole_response(c, s, config);
	return (c->endpoints.role == SP_ROLE_NONE || s->direction == request_direction(c)) && sp_whole_request(c, s, config);
}
