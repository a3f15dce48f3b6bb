/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Does the policy ask for the requests of this connection? */
#pragma once

__noinline int sp_lists_port(const struct trace_config *config, __u64 port)
{
	if (!config)
		return 0;
	for (int i = 0; i < SP_PORT_RANGES; i++) {
		if (i >= config->port_ranges)
			break;
		if (port >= config->port[i].first && port <= config->port[i].last)
			return 1;
	}
	return 0;
}

/* In the role that a request in this direction has. */
static __always_inline int is_wanted_of(const struct endpoints *e, const struct trace_config *config, __u8 direction)
{
	int client = direction == SP_EGRESS;

	if (!(config->roles & (1 << (client ? SP_ROLE_CLIENT : SP_ROLE_SERVER))))
		return 0;
	return !config->port_ranges || sp_lists_port(config, client ? e->remote_port : e->local_port);
}

static __always_inline int is_wanted(const struct conn *c, const struct trace_config *config, __u8 direction)
{
	return is_wanted_of(&c->endpoints, config, direction);
}
