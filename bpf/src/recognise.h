/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which protocol of frames does a connection speak? Asked at the start of transfers, while nothing is known of it. */
#pragma once

/* Not inlined: its frame is gone when the deep calls come. */
__noinline int sp_recognise(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	struct stream *st;
	int how = 0;

	if (!c || !s || !config)
		return 0;
	if (sp_read_first(s))
		return 0;
	st = &c->stream[s->direction & 1];
	if (config->protocols & (1 << SP_PROTOCOL_POSTGRESQL))
		how = looks_like_postgresql(s, s->io.total);
	if (!how)
		return 0;
	if (!is_wanted(c, config, s->direction)) {
		c->endpoints.unwanted = 1;
		c->endpoints.generation = config->generation;
		return 0;
	}
	unsync(c);
	c->endpoints.protocol = SP_PROTOCOL_POSTGRESQL;
	c->endpoints.role = s->direction == SP_EGRESS ? SP_ROLE_CLIENT : SP_ROLE_SERVER;
	st->state = SP_START;
	st->bits = how & SP_FRAME_STARTUP;
	st->batches = 0;
	c->stream[!s->direction].batches = 0;
	return 0;
}

/* Whether only its bytes can say what the connection is: chance alone must not pass over them. */
static __always_inline int is_told_by_bytes(const struct conn *c, const struct trace_config *config)
{
	return c->endpoints.protocol || (c->endpoints.role == SP_ROLE_NONE && (config->protocols & ~(1U << SP_PROTOCOL_HTTP1)));
}

/* Before a transfer is followed: does the connection belong to a protocol of frames, by what is known or by how this begins? */
static __always_inline __u32 protocol_of(struct conn *c, struct scratch *s, const struct trace_config *config)
{
	if (!c->endpoints.protocol && is_told_by_bytes(c, config))
		sp_recognise(c, s, config);
	return c->endpoints.protocol;
}
