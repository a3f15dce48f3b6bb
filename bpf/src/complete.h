/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The end of an exchange: it is counted, decided about, and emitted if it is kept. */
#pragma once

/* Bucket of a duration. */
static __always_inline __u32 bucket_of(__u64 ns)
{
	__u64 us = ns / 1000;

	if (us <= 75000) {
		if (us <= 10000)
			return us <= 1000 ? 0 : us <= 5000 ? 1 : 2;
		return us <= 25000 ? 3 : us <= 50000 ? 4 : 5;
	}
	if (us <= 750000)
		return us <= 100000 ? 6 : us <= 250000 ? 7 : us <= 500000 ? 8 : 9;
	if (us <= 2500000)
		return us <= 1000000 ? 10 : 11;
	return us <= 5000000 ? 12 : us <= 7500000 ? 13 : us <= 10000000 ? 14 : 15;
}

static __always_inline void measure(struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how, __u64 kept)
{
	struct requests_key key = {};
	struct requests_value *value;
	__u64 until, duration;

	until = x->response_end > x->request_end ? x->response_end : x->request_end;
	duration = until > x->request_start ? until - x->request_start : 0;
	key.cgroup_id = x->cgroup_id;
	key.status = x->status;
	key.protocol = spoken(x, ends);
	key.role = ends->role;
	key.method = x->method;
	key.end_minor = how << 4 | x->minor;
	key.tls = ends->id & SP_ID_TLS;
	if (ends->role == SP_ROLE_CLIENT) {
		__builtin_memcpy(key.server_address, ends->remote_address, 16);
		key.server_port = ends->remote_port;
	} else {
		key.server_port = ends->local_port;
	}
	value = bpf_map_lookup_elem(&sp_requests, &key);
	if (!value) {
		static const struct requests_value none;

		bpf_map_update_elem(&sp_requests, &key, &none, BPF_NOEXIST);
		value = bpf_map_lookup_elem(&sp_requests, &key);
		if (!value) {
			count(SP_LOST_METRICS);
			return;
		}
	}
	value->count++;
	value->duration_ns += duration;
	value->kept += kept;
	SP_UNTRACKED(s->verdict) = bucket_of(duration);
	value->bucket[SP_UNTRACKED(s->verdict) & (SP_BUCKETS - 1)]++;
}

/* Takes one span out of the policy's budget of this second. */
static __always_inline int within_rate(const struct exchange *x, __u64 now)
{
	__u64 second = now / 1000000000ULL, old, *rate;
	__u32 policy = x->policy;

	if (!x->max_spans)
		return 1;
	rate = bpf_map_lookup_elem(&sp_rates, &policy);
	if (!rate)
		return 1;
	old = *rate;
	/* Who is late takes from the second that is, as the agent does. */
	if ((__s32)(second - (old >> 32)) > 0 && __sync_val_compare_and_swap(rate, old, second << 32 | 1) == old)
		return 1;
	return (__u32)__sync_fetch_and_add(rate, 1) < x->max_spans;
}

/* Bits of enum sp_keep; 0: not kept, and counted why. Gathered in memory: else the verifier would go on with each of their combinations. */
static __always_inline __u32 keep_of(struct scratch *s, const struct exchange *x, __u64 how)
{
	__u64 until = x->response_end > x->request_end ? x->response_end : s->now;

	SP_UNTRACKED(s->verdict) = 0;
	if (!(x->bits & SP_ELIGIBLE)) {
		count(SP_COUNT_NOT_ELIGIBLE);
		return 0;
	}
	if (x->bits & SP_SAMPLED)
		SP_UNTRACKED(s->verdict) |= x->bits & SP_BY_PARENT ? SP_KEEP_PARENT : SP_KEEP_SAMPLED;
	if (x->bits & SP_RULE_MATCHED)
		SP_UNTRACKED(s->verdict) |= SP_KEEP_RULE;
	if ((x->flags & SP_CONFIG_KEEP_ERRORS) &&
	    (x->status >= x->error_from || how == SP_END_ABORTED || how == SP_END_RESET || how == SP_END_TIMEOUT))
		SP_UNTRACKED(s->verdict) |= SP_KEEP_ERROR;
	if (x->slower_than && until - x->request_start >= x->slower_than)
		SP_UNTRACKED(s->verdict) |= SP_KEEP_SLOW;
	if (!SP_UNTRACKED(s->verdict)) {
		count_many(SP_COUNT_SAMPLED_OUT, 1);
	} else if (!within_rate(x, s->now)) {
		count(SP_COUNT_RATE_LIMITED);
		SP_UNTRACKED(s->verdict) = 0;
	}
	return SP_UNTRACKED(s->verdict);
}

/* The first exchanges of a connection carry the name of their process, which may be gone before the agent can ask. */
#define SP_NAMED 4

/* Bit of the serial of messages that nobody answers: they have no place among the requests. */
#define SP_ONE_WAY (1U << 31)

/* All of a record but the bytes of the head, of which `length` follow. */
static __always_inline void fill_event(struct exchange_event *event, const struct scratch *s, const struct exchange *x, const struct endpoints *ends,
				       __u64 how, __u8 keep, __u32 length)
{
	__u64 task;

	event->header.type = SP_EVENT_EXCHANGE;
	event->header.version = 1;
	event->header.size = sizeof(*event) + length;
	event->header.ktime_ns = s->now;
	__builtin_memcpy(event->trace_id, x->trace_id, 16);
	event->span_id = x->span_id;
	event->parent_span_id = x->parent_span_id;
	event->request_start_ns = x->request_start;
	event->request_end_ns = x->request_end;
	event->response_start_ns = x->response_start;
	event->response_end_ns = x->response_end;
	event->request_bytes = x->request_bytes;
	event->response_bytes = x->response_bytes;
	event->cgroup_id = x->cgroup_id;
	event->generation = x->generation;
	event->threshold = x->threshold;
	event->pid = x->pid;
	event->tid = x->tid;
	event->netns = ends->netns;
	event->policy = x->policy;
	__builtin_memcpy(event->local_address, ends->local_address, 16);
	__builtin_memcpy(event->remote_address, ends->remote_address, 16);
	event->local_port = ends->local_port;
	event->remote_port = ends->remote_port;
	event->status = x->status;
	event->head_len = length;
	event->tls = ends->id & SP_ID_TLS;
	event->marks = x->flags / SP_OF_CARRIER % 2 * SP_MARK_OF_CARRIER;
	event->protocol = spoken(x, ends);
	event->connection = ends->id;
	event->rows = x->rows;
	event->role = ends->role;
	event->method = x->method;
	event->minor_version = x->minor;
	event->end = how;
	event->parent = x->parent;
	event->keep = keep;
	event->trace_flags = x->trace_flags;
	task = bpf_get_current_pid_tgid();
	if ((x->serial < SP_NAMED || (x->serial & SP_ONE_WAY)) && task >> 32 == x->pid)
		bpf_get_current_comm(event->comm, sizeof(event->comm));
	else
		__builtin_memset(event->comm, 0, sizeof(event->comm)); /* the agent finds the process by its pid */
}

/* The usual record, made in the ring: what the policy captures of the head is in the exchange. */
static __always_inline void emit_prefix(const struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how, __u8 keep)
{
	struct prefix_record *record = bpf_ringbuf_reserve(&sp_ring, sizeof(*record), 0);
	__u32 length = x->head_len < SP_PREFIX ? x->head_len : SP_PREFIX;

	if (!record) {
		count(SP_LOST_RING_FULL);
		return;
	}
	fill_event(&record->event, s, x, ends, how, keep, length);
	__builtin_memcpy(record->head, x->prefix, SP_PREFIX);
	bpf_ringbuf_submit(record, wakeup_flags(sizeof(*record)));
}

/* A record with a longer head, made where that is. 0: it is not there. */
__noinline int sp_emit_head(const struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how_keep)
{
	struct head *head;
	__u32 length;

	if (!s || !x || !ends)
		return 0;
	head = head_of(ends->id, x->serial);
	if (!head)
		return 0;
	length = x->head_len;
	if (length > SP_HEAD_BYTES)
		length = SP_HEAD_BYTES;
	fill_event(&head->event, s, x, ends, how_keep >> 8, how_keep, length);
	if (bpf_ringbuf_output(&sp_ring, &head->event, sizeof(head->event) + length, wakeup_flags(sizeof(head->event) + length)))
		count_many(SP_LOST_RING_FULL, 1);
	return 1;
}

/* The exchange is kept. */
static __always_inline void emit(const struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how, __u8 keep)
{
	count_many(SP_COUNT_KEPT, 1);
	if ((x->bits & SP_IN_HEADS) && sp_emit_head(s, x, ends, how << 8 | keep))
		return;
	if (x->head_len > SP_PREFIX)
		count(SP_TRUNCATED_HEAD);
	emit_prefix(s, x, ends, how, keep);
}

/* Counts the exchange and emits it if it is kept. `how`: enum sp_end. */
static __always_inline void complete(struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how)
{
	__u8 keep;

	if (x->roles && may_be_told(x)) {
		count_many(SP_COUNT_EXCHANGES, 1);
		keep = keep_of(s, x, how);
		if (x->flags & SP_CONFIG_METRICS)
			measure(s, x, ends, how, keep != 0);
		if (keep)
			emit(s, x, ends, how, keep);
	}
	if (x->bits & SP_IN_HEADS)
		sp_give_head_back(ends->id, x->serial);
}

/* Not inlined where it is rare. */
__noinline int sp_complete(struct scratch *s, const struct exchange *x, const struct endpoints *ends, __u64 how)
{
	if (s && x && ends)
		complete(s, x, ends, how);
	return 0;
}
