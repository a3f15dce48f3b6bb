/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Lines that were split between transfers. */
#pragma once

/* The rest of the block is a line whose end is not here yet: it waits for the next transfer. */
__noinline int sp_carry_line(struct conn *c, struct scratch *s, __u32 from, __u32 length)
{
	struct carry_key key = {};
	struct carry *carry;
	struct scratch *own;

	if (!c || !s)
		return -1;
	if (from > SP_BLOCK_END || length > SP_CARRY_BYTES)
		return -1;
	key.id = c->endpoints.id;
	key.direction = s->direction;
	c->stream[s->direction & 1].bits |= SP_CARRIED;
	/* Where the connection has one already it is used again: an update takes another entry, and copies all of it. */
	carry = bpf_map_lookup_elem(&sp_carry, &key);
	if (carry) {
		carry->since_ns = s->since;
		carry->length = length;
		bpf_probe_read_kernel(carry->bytes, length, &s->block[from]);
		return 0;
	}
	s->carry.since_ns = s->since;
	s->carry.length = length;
	bpf_probe_read_kernel(s->carry.bytes, length, &s->block[from]);
	own = own_scratch(s);
	if (!own)
		return -1;
	bpf_map_update_elem(&sp_carry, &key, &own->carry, BPF_ANY);
	return 0;
}

/* Puts the carried part of a line at the front of the block. Its length, or -1 if it was lost. Not inlined: its frame is gone when the deep calls come. */
static __noinline int take_carry(struct conn *c, struct scratch *s, struct stream *st)
{
	struct carry_key key = { .id = c->endpoints.id, .direction = s->direction };
	struct carry *carry;

	if (!(st->bits & SP_CARRIED))
		return 0;
	st->bits &= ~SP_CARRIED;
	carry = bpf_map_lookup_elem(&sp_carry, &key);
	if (!carry || carry->length > SP_CARRY_BYTES)
		return -1;
	bpf_probe_read_kernel(s->block, SP_CARRY_BYTES, carry->bytes);
	s->since = carry->since_ns;
	return carry->length;
}
