/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * SP_CONFIG_BY_CHANCE: nothing is asked of a request but luck, so most are passed over without a look at their bytes. A request begins where the connection
 * turns to the direction that asks. One that is chosen is followed as if the connection had just been found.
 */
#pragma once

/* Whether this direction asks: by the role or, while that is unknown, as assumed from who was seen first. */
static __always_inline int is_asking(struct conn *c, __u8 direction)
{
	if (c->endpoints.role != SP_ROLE_NONE)
		return direction == request_direction(c);
	if (!c->stream[SP_INGRESS].asks && !c->stream[SP_EGRESS].asks)
		c->stream[direction & 1].asks = 1;
	return c->stream[direction & 1].asks;
}

/* Whether this transfer belongs to a request that chance passes over. */
static __always_inline int passed_over(struct conn *c, struct scratch *s, const struct trace_config *config, __u8 direction)
{
	struct stream *st = &c->stream[direction & 1], *other = &c->stream[!direction];
	/* Where the last exchange was followed to its end, the next one begins, whoever sent last: while something else decided, nobody noted that. */
	int begins = !st->latest || st->state == SP_START;

	st->latest = 1;
	other->latest = 0;
	if (is_open(c) || st->state > SP_START || other->state > SP_START)
		return 0;
	if (is_asking(c, direction) && begins && (random_u64(s) & (SP_NONE_KEPT - 1)) >= config->threshold)
		return 0;
	unsync(c);
	return 1;
}

/* What was chosen was no request: perhaps the other side asks. */
static __always_inline void check_asking(struct conn *c, __u8 direction)
{
	if (is_open(c) || c->endpoints.role != SP_ROLE_NONE || c->stream[direction & 1].state != SP_UNSYNCED)
		return;
	c->stream[direction & 1].asks = 0;
	c->stream[!direction].asks = 1;
}
