/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Numbered requests that are in flight beside the one in c->open: how many the table still has of a connection, and their end all at once. Each way goes through the whole table. */
#pragma once

static __always_inline int is_numbered(const struct conn *c)
{
	return SP_NUMBERED_PROTOCOLS >> (c->endpoints.protocol & 31) & 1;
}

struct recount {
	__u64 id;
	__u32 found;
};

static long count_waiting(void *map, struct pipeline_key *key, struct exchange *x, struct recount *recount)
{
	recount->found += key->id == recount->id && !(key->serial & SP_ONE_WAY);
	return 0;
}

/* Requests of which the table keeps nothing any more, since others pushed them out: they are not in flight, and lost. */
static __always_inline void leave_pushed_out(struct conn *c, __u32 found)
{
	__u16 waiting = in_flight(c) - !!c->open.roles;

	if (found >= waiting)
		return;
	count_many(SP_LOST_PIPELINE, waiting - found);
	c->first += waiting - found;
}

__noinline int sp_recount(struct conn *c)
{
	struct recount recount = {};

	if (!c)
		return 0;
	recount.id = c->endpoints.id;
	bpf_for_each_map_elem(&sp_pipeline, count_waiting, &recount, 0);
	leave_pushed_out(c, recount.found);
	return 0;
}

static long drop_one(void *map, struct pipeline_key *key, struct exchange *x, struct recount *recount)
{
	if (key->id != recount->id)
		return 0;
	recount->found += !!(key->serial & SP_ONE_WAY);
	bpf_map_delete_elem(&sp_pipeline, key);
	return 0;
}

/* The place was lost, and with it all that was in flight, which its owner counts, and halves of messages that nobody answers. A number may be used again. */
__noinline int sp_drop_others(struct conn *c)
{
	struct recount recount = {};

	if (!c || !is_numbered(c) || in_flight(c) <= !!c->open.roles)
		return 0;
	recount.id = c->endpoints.id;
	bpf_for_each_map_elem(&sp_pipeline, drop_one, &recount, 0);
	count_many(SP_LOST_PIPELINE, recount.found);
	return 0;
}

struct end_walk {
	struct conn *conn;
	struct scratch *scratch;
	__u64 how;
	__u32 ended;
};

static long end_one(void *map, struct pipeline_key *key, struct exchange *x, struct end_walk *walk)
{
	struct conn *c = walk->conn;

	if (key->id != c->endpoints.id)
		return 0;
	walk->ended += !(key->serial & SP_ONE_WAY);
	x->response_end = walk->scratch->now;
	leave_task(&c->endpoints, x);
	sp_complete(walk->scratch, x, &c->endpoints, walk->how);
	bpf_map_delete_elem(&sp_pipeline, key);
	return 0;
}

/* The connection ended: nothing in flight but the open one, which its owner ends, will be answered. */
static __always_inline void end_others(struct conn *c, struct scratch *s, __u64 how)
{
	struct end_walk walk = { .conn = c, .scratch = s, .how = how };

	if (in_flight(c) <= !!c->open.roles)
		return;
	bpf_for_each_map_elem(&sp_pipeline, end_one, &walk, 0);
	leave_pushed_out(c, walk.ended);
	c->first = c->next - !!c->open.roles;
}
