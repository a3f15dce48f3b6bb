/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Exchanges whose end only the close or silence can tell. */
#pragma once

/* The response's end is unknown: from now on sp_waiting owns the exchange. */
__noinline int sp_wait(struct conn *c, struct scratch *s)
{
	struct waiting *w;
	__u64 id;

	if (!c || !s)
		return 0;
	leave_task(&c->endpoints, &c->open);
	id = c->endpoints.id;
	w = &s->waiting;
	bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
	bpf_probe_read_kernel(&w->exchange, sizeof(w->exchange), &c->open);
	c->first = c->next;
	if (!w->exchange.roles)
		return 0;
	if (put_waiting(id, s)) {
		count(SP_LOST_WAITING);
		sp_complete(s, &w->exchange, &w->endpoints, SP_END_SILENCE);
	}
	return 0;
}

/* TCP is done with the connection while its owner still has bytes to read: the exchange waits for them, or for silence. */
__noinline int sp_defer_close(struct conn *c, struct scratch *s)
{
	struct waiting *w;
	__u64 id;

	if (!c || !s)
		return 0;
	id = c->endpoints.id;
	w = &s->waiting;
	bpf_probe_read_kernel(&w->endpoints, sizeof(w->endpoints), &c->endpoints);
	bpf_probe_read_kernel(&w->exchange, sizeof(w->exchange), &c->open);
	if (!w->exchange.roles)
		return 0;
	if (!w->exchange.response_end)
		w->exchange.response_end = s->now;
	if (put_waiting(id, s))
		count(SP_LOST_WAITING);
	return 0;
}

/* Bytes are read after all: takes the exchange back, unless it was emitted meanwhile. */
__noinline int sp_resume(struct conn *c)
{
	__u64 id;

	if (!c)
		return 0;
	id = c->endpoints.id;
	if (delete_waiting(id))
		c->first = c->next;
	return 0;
}

/* Emits the connection's waiting exchange, if nobody did yet. */
__noinline int sp_end_waiting(__u64 id, struct scratch *s, __u64 how)
{
	struct waiting *w = bpf_map_lookup_elem(&sp_waiting, &id);

	if (!w || !s)
		return 0;
	bpf_probe_read_kernel(&s->waiting, sizeof(s->waiting), w);
	if (s->waiting.endpoints.closing)
		how = s->waiting.endpoints.closing;
	if (!delete_waiting(id))
		sp_complete(s, &s->waiting.exchange, &s->waiting.endpoints, how);
	return 0;
}
