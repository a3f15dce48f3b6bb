/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is spoken over HTTP/1, or over HTTP/2, where the agent finds it: an exchange is one of HTTP, until its path or its answer's head says that it is more (docs/decisions/0021). */
#pragma once

/* Bit of a policy's protocols where it names none: all there are. */
#define SP_NAMES_NONE (1U << 31)

/* Whether the policy has its own word for one of these protocols, which "all" is not. */
static __always_inline int is_named(const struct trace_config *config, __u32 mask)
{
	return (config->protocols & mask) && !(config->protocols & SP_NAMES_NONE);
}

/* Whether HTTP/1 is to be followed, for its own sake or for what it carries. */
static __always_inline int follows_http(const struct trace_config *config)
{
	return !!(config->protocols & (1U << SP_PROTOCOL_HTTP | SP_OVER_HTTP));
}

/* Told by the bodies of requests, which are read where a policy names one of these, and else never. */
#define SP_BY_BODY (1U << SP_PROTOCOL_GRAPHQL | 1U << SP_PROTOCOL_JSONRPC)

static __always_inline int reads_bodies(const struct trace_config *config)
{
	return is_named(config, SP_BY_BODY);
}

/* Of an exchange that is over, or nearly. */
static __always_inline __u8 spoken(const struct exchange *x, const struct endpoints *ends)
{
	if (ends->protocol)
		return ends->protocol;
	return x->kind ? x->kind : SP_PROTOCOL_HTTP;
}

/* The first letters of headers of answers that are looked for. */
static __always_inline __u64 answer_filter_of(const struct trace_config *config)
{
	return config->protocols & (1U << SP_PROTOCOL_ELASTICSEARCH | 1U << SP_PROTOCOL_OPENSEARCH) ? letter_bit('x') : 0;
}

/* What the request's line, whose target is in the block, says to a policy that names the protocol. */
__noinline int sp_search_target(struct exchange *x, const struct scratch *s, const struct trace_config *config, __u64 end);

/* Likewise of those that are told by their bodies: whether the body is to be read, or the target has what it would have. */
__noinline int sp_expect_body(struct exchange *x, const struct scratch *s, const struct trace_config *config, __u64 end);

/* There is a hole in the body that passes on a stream of HTTP/2: nothing more of it is kept. */
__noinline int sp_h2_hole(const struct conn *c, __u64 direction);

/* What the request's body, as far as it was kept, says that the exchange is. */
__noinline int sp_read_body(struct exchange *x, struct scratch *s, __u64 id);

/* What a header line of the answer says. */
static __always_inline void answer_line(const struct scratch *s, struct exchange *x, const struct trace_config *config, __u32 at)
{
	if (lower_at(s, at) == SP_WORD("x-elasti") && lower_at(s, at + 8) == SP_WORD("c-produc") &&
	    first_bytes(lower_at(s, at + 16), 2) == SP_WORD("t:"))
		x->kind = config->protocols & (1U << SP_PROTOCOL_ELASTICSEARCH) ? SP_PROTOCOL_ELASTICSEARCH : 0;
}
