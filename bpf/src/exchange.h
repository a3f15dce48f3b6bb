/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Requests and responses of one connection: matched in order, given up, ended. */
#pragma once

static __always_inline __u8 request_direction(const struct conn *c)
{
	return c->endpoints.role == SP_ROLE_CLIENT ? SP_EGRESS : SP_INGRESS;
}

static __always_inline int is_open(const struct conn *c)
{
	return c->first != c->next;
}

/* Waiting for a hook is spinning: longer than any takes that keeps its processor, and with an end even if it lost it. */
#define SP_TRIES (1 << 16)

/* As `busy`: what is known of the connection goes just now. */
#define SP_FORGOTTEN (~0U)

struct turn {
	struct conn *conn;
	__u32 me; /* this processor, from 1 */
	__u32 taken;
};

static long try_turn(__u64 index, struct turn *t)
{
	__u32 busy = *(volatile __u32 *)&t->conn->busy;

	/* What this very processor interrupted cannot go on meanwhile. */
	if (busy)
		return busy == t->me || busy == SP_FORGOTTEN;
	t->taken = !__sync_val_compare_and_swap(&t->conn->busy, 0, t->me);
	return t->taken;
}

/* Not inlined, for it is rare, and its frame is gone when the deep calls come. */
static __noinline int await_turn(struct conn *c, __u32 me)
{
	struct turn t = { .conn = c, .me = me };

	bpf_loop(SP_TRIES, try_turn, &t, 0);
	return t.taken;
}

/* Both directions of a connection may be at work at once, on two processors: one waits for the other. */
static __always_inline int take_conn(struct conn *c)
{
	__u32 me = bpf_get_smp_processor_id() + 1;

	return !__sync_val_compare_and_swap(&c->busy, 0, me) || await_turn(c, me);
}

static __always_inline void release_conn(struct conn *c)
{
	__sync_lock_test_and_set(&c->busy, 0);
}

static __always_inline __u16 in_flight(const struct conn *c)
{
	return c->next - c->first;
}

/* Not inlined: its frame is gone when the deep calls come. */
static __noinline struct exchange *queued_request(struct conn *c, __u32 serial)
{
	struct pipeline_key key = { .id = c->endpoints.id, .serial = serial };

	return bpf_map_lookup_elem(&sp_pipeline, &key);
}

/* The request whose bytes are passing: the latest begun; none if it was answered already, or there was no room for it. Not inlined, for the verifier of 6.1, which takes no part of it for another. */
static __noinline struct exchange *current_request(struct conn *c)
{
	__u16 serial = c->next - 1;

	if (!is_open(c))
		return 0;
	return serial == c->first ? &c->open : queued_request(c, serial);
}

/* A connection in a role or on a port that nobody asked for is left alone until the configuration changes. */
static __always_inline int is_unwanted(struct conn *c, const struct trace_config *config)
{
	if (!c->endpoints.unwanted)
		return 0;
	if (c->endpoints.generation == (__u16)config->generation)
		return 1;
	c->endpoints.unwanted = 0;
	c->stream[SP_INGRESS].positioned = 0;
	c->stream[SP_EGRESS].positioned = 0;
	return 0;
}

/* Nothing on it is followed any more, as where it is ciphertext. */
static __always_inline int is_left_alone(const struct conn *c)
{
	return c->stream[SP_INGRESS].state == SP_OPAQUE && c->stream[SP_EGRESS].state == SP_OPAQUE &&
	       !((c->stream[SP_INGRESS].bits | c->stream[SP_EGRESS].bits) & SP_UPGRADED) && !c->endpoints.closing;
}

/* Both streams wait for a start line. */
static __always_inline void unsync(struct conn *c)
{
	c->first = c->next;
	for (int i = 0; i < 2; i++) {
		c->stream[i].state = SP_UNSYNCED;
		c->stream[i].bits = 0;
		c->stream[i].positioned = 0; /* the other one has moved on as well */
		c->stream[i].early = 0;
	}
}

__noinline int sp_take_back(struct conn *c, struct scratch *s);
__noinline int sp_drop_others(struct conn *c);

/* All that is open on the connection is given up, and both streams wait for a start line. */
__noinline int sp_give_up(struct conn *c, struct scratch *s, __u64 reason)
{
	if (!c || !s)
		return 0;
	if (reason < SP_COUNTERS)
		count_many(reason, in_flight(c) > 1 ? in_flight(c) : 1);
	if (is_open(c)) {
		sp_take_back(c, s);
		sp_drop_others(c);
		leave_task(&c->endpoints, &c->open);
		if (!c->open.status)
			c->open.roles = 0; /* nothing is said of it */
		sp_complete(s, &c->open, &c->endpoints, SP_END_LOST);
	}
	unsync(c);
	c->stream[SP_INGRESS].lost = 1;
	c->stream[SP_EGRESS].lost = 1;
	return 0;
}

/* The open exchange is over; the next one in flight, if any, becomes the open one. */
__noinline int sp_finish(struct conn *c, struct scratch *s, __u64 how)
{
	struct pipeline_key key = {};
	struct exchange *behind;

	if (!c || !s || !is_open(c))
		return 0;
	leave_task(&c->endpoints, &c->open);
	complete(s, &c->open, &c->endpoints, how);
	c->first++;
	if (!is_open(c))
		return 0;
	key.id = c->endpoints.id;
	key.serial = c->first;
	behind = bpf_map_lookup_elem(&sp_pipeline, &key);
	if (!behind) {
		/* There was no room for it, or is none any more. Its answer is followed all the same. */
		count(SP_LOST_PIPELINE);
		c->open.roles = 0;
		c->open.status = 0;
		c->open.kind = 0;
		c->open.method = SP_METHOD_OTHER;
		c->open.response_bytes = 0;
		return 0;
	}
	bpf_probe_read_kernel(&c->open, sizeof(c->open), behind);
	bpf_map_delete_elem(&sp_pipeline, &key);
	return 0;
}
