/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Heads: start lines and header lines, in blocks of the transfer, with lines split anywhere. */
#pragma once

/* First read of a head: most are shorter, and a read costs nearly the same for any size. */
#define SP_FIRST_READ 1024

/* The transfer is not followed on, and nothing is lost by that. Reasons to give up are below it: none of enum sp_counter that is one is 1. */
enum sp_step { SP_STEP_STOP = -1 };

static __always_inline struct header_rules *rules_of(const struct trace_config *config)
{
	__u32 key = config->rule_set;

	return key ? bpf_map_lookup_elem(&sp_rules, &key) : 0;
}

/* Bits of the first letters of the rules. */
static __always_inline __u64 filter_of(const struct trace_config *config)
{
	struct header_rules *rules = rules_of(config);
	__u64 filter = 0;

	if (rules)
		for (int i = 0; i < SP_RULES; i++) {
			if (i >= rules->count)
				break;
			filter |= letter_bit(rules->rule[i].name[0]);
		}
	return filter;
}

/* One candidate line against all rules. */
__noinline int sp_apply_rules(const struct scratch *s, __u32 at, const struct trace_config *config, struct exchange *x)
{
	struct header_rules *rules;

	if (!s || !config || !x)
		return 0;
	rules = rules_of(config);
	if (!rules)
		return 0;
	for (int i = 0; i < SP_RULES; i++) {
		struct header_rule *rule = &rules->rule[i];

		if (i >= rules->count)
			break;
		if (((word_at(s, at) ^ rule->name[0]) & 0xdf) || !rule_hit(s, at, rule))
			continue;
		x->bits |= SP_ELIGIBLE;
		if (rule->action == SP_RULE_MATCH)
			x->bits |= SP_RULE_MATCHED;
	}
	return 0;
}

/* What a line says about where the message ends. 0, or -1 where that cannot be right. */
static __always_inline int framing_line(const struct scratch *s, struct stream *st, __u32 at)
{
	__u64 first, second;

	first = lower_at(s, at);
	second = lower_at(s, at + 8);
	if (first == SP_WORD("content-") && first_bytes(second, 7) == SP_WORD("length:")) {
		long length = sp_number(s, at + 15);

		if (length < 0 || ((st->bits & SP_HAS_LENGTH) && st->remaining != length))
			return -1;
		st->bits |= SP_HAS_LENGTH;
		st->remaining = length;
	} else if (first == SP_WORD("transfer") && second == SP_WORD("-encodin") && first_bytes(lower_at(s, at + 16), 2) == SP_WORD("g:")) {
		if (sp_ends_chunked(s, at + 18))
			st->bits |= SP_CHUNKED;
	}
	return 0;
}

/* What a request's line says about its trace. */
static __always_inline void context_line(const struct scratch *s, struct exchange *x, const struct trace_config *config, __u32 at)
{
	struct traceparent parsed = {};

	if (lower_at(s, at) == SP_WORD("tracepar") && first_bytes(lower_at(s, at + 8), 4) == SP_WORD("ent:")) {
		sp_traceparent(s, sp_skip_blanks(s, at + 12), &parsed);
		if (!parsed.valid || (x->bits & SP_TRACEPARENT))
			x->bits |= SP_TRACEPARENT_TWICE; /* which one would it be? */
		__builtin_memcpy(x->trace_id, parsed.trace_id, 16);
		x->parent_span_id = parsed.parent_span_id;
		x->trace_flags = parsed.flags;
		x->bits |= SP_TRACEPARENT;
		if (config->flags & SP_CONFIG_TRACEPARENT_PRESENT)
			x->bits |= SP_ELIGIBLE;
	}
	if (config->rule_set)
		sp_apply_rules(s, at, config, x);
}

/* Candidate lines that are read in one go, which is verified for itself. */
#define SP_LINES_AT_ONCE 4

/* Candidates of the scan from the one `from`, as far as they are whole. 0; 1: there may be more; -1: framing that cannot be right. */
__noinline int sp_read_lines(const struct scratch *s, struct stream *st, struct exchange *x, const struct trace_config *config, __u32 from)
{
	if (!s || !st || !config)
		return -1;
	for (int n = 0; n < SP_LINES_AT_ONCE; n++) {
		__u32 i = SP_UNTRACKED(s->scan.zero) + from + n, at;

		if (i >= SP_LINES || i >= s->scan.lines)
			return 0;
		SP_CHECKED(i);
		at = s->scan.line[i & (SP_LINES - 1)];
		if (at >= s->scan.next)
			return 0;
		if (framing_line(s, st, at))
			return -1;
		if (!x || st->head_bytes + at >= config->search_bytes)
			continue;
		if (s->scan.answer)
			answer_line(s, x, config, at);
		else
			context_line(s, x, config, at);
	}
	return 1;
}

/* All candidate lines of the block that are whole. 0; -1: framing that cannot be right. */
static __always_inline int read_lines(const struct scratch *s, struct stream *st, struct exchange *x, const struct trace_config *config)
{
	int more = !!s->scan.lines;

	for (__u32 from = 0; more > 0 && from < SP_LINES; from += SP_LINES_AT_ONCE)
		more = sp_read_lines(s, st, x, config, from);
	return more < 0 ? -1 : 0;
}

/* The first line of a request. 0; -1: it is none; or another reason, negative. */
static __always_inline int request_line(struct conn *c, struct scratch *s, const struct trace_config *config, __u32 end, int whole)
{
	struct exchange *x;
	__u32 length = 0;
	int method = method_of(s, end, &length), minor = 1, lost;

	if (method < 0 || !length)
		return -1;
	if (whole) {
		minor = version_before(s, end);
		if (minor < 0)
			return -1;
	} else if (method == SP_METHOD_OTHER || (byte_at(s, length + 1) != '/' && (byte_at(s, length + 1) | 0x20) != 'h')) {
		/* Without its version, only what can hardly be anything else is a request line. */
		return -1;
	}
	if (method == SP_METHOD_OTHER && c->stream[s->direction & 1].lost)
		return -1; /* it may be the rest of a line */
	lost = sp_begin_request(c, s, config);
	if (lost)
		return lost;
	x = current_request(c);
	if (x)
		name_request(x, s, config, method, minor, end);
	else if (method == SP_METHOD_HEAD || method == SP_METHOD_CONNECT)
		return -SP_LOST_PIPELINE; /* how its answer ends would be forgotten */
	return 0;
}

/* A request's head is whole: what follows it. */
static __always_inline void request_head_done(struct conn *c, struct scratch *s, struct stream *st, struct exchange *x,
					      const struct trace_config *config)
{
	if (!is_open(c)) {
		/* Answered before its head was whole. */
		st->state = SP_UNSYNCED;
		st->bits = 0;
		return;
	}
	if (st->head_bytes > config->search_bytes)
		count(SP_TRUNCATED_SEARCH);
	if (x) {
		sp_give_context(s, x, c->endpoints.role, 1);
		x->request_end = s->now;
		if (x->flags & SP_READS_BODY)
			sp_keep_request_body(x, st->head_bytes);
	}
	if (st->bits & SP_CHUNKED) {
		st->state = SP_CHUNK_LINE;
		st->remaining = 0;
	} else if ((st->bits & SP_HAS_LENGTH) && st->remaining) {
		st->state = SP_LENGTH;
	} else {
		st->state = SP_START;
		if (x)
			x->bits |= SP_REQUEST_WHOLE;
	}
	st->bits = 0;
}

/* A response's head is whole: what follows it. */
static __always_inline void response_head_done(struct conn *c, struct scratch *s, struct stream *st)
{
	struct exchange *x = &c->open;
	__u16 status;
	__u8 bits;

	if (x->flags & SP_READS_BODY)
		sp_keep_response_body(x);
	status = x->status;
	bits = st->bits;
	st->bits = 0;
	st->state = SP_START;
	if (status == 101 || (x->method == SP_METHOD_CONNECT && status / 100 == 2)) {
		x->response_end = s->now;
		sp_finish(c, s, SP_END_COMPLETE);
		c->first = c->next;
		c->stream[0].state = SP_OPAQUE;
		c->stream[1].state = SP_OPAQUE;
		if (status == 101) {
			c->endpoints.role = SP_ROLE_NONE;
			c->stream[0].bits = SP_UPGRADED;
			c->stream[1].bits = SP_UPGRADED;
		}
	} else if (status < 200) {
		x->status = 0;
		x->response_start = 0;
	} else if (x->method == SP_METHOD_HEAD || status == 204 || status == 304 ||
		   ((bits & SP_HAS_LENGTH) && !(bits & SP_CHUNKED) && !st->remaining)) {
		x->response_end = s->now;
		sp_finish(c, s, SP_END_COMPLETE);
	} else if (bits & SP_CHUNKED) {
		st->state = SP_CHUNK_LINE;
		st->remaining = 0;
	} else if (bits & SP_HAS_LENGTH) {
		st->state = SP_LENGTH;
	} else {
		st->state = SP_UNTIL_CLOSE;
	}
}
