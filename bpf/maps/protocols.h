/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* Where hooks and probes go on to: SP_PROGRAM_NAME is the program sp_protocol_NAME, in small letters, where the object has it. */
enum sp_program {
	SP_PROGRAM_FRAMES = 0,
	SP_PROGRAM_HTTP2,
	SP_PROGRAM_DATAGRAM, /* only the hooks of sockets see datagrams */
	SP_PROGRAM_HTTP, /* all transfers, where both directions have a hook */
	SP_PROGRAM_PLAINTEXT, /* all transfers of TLS libraries */
	SP_PROGRAMS
};

/* enum sp_program → the program. Filled by who loads the object: libbpf would fill it only where all were loaded by one call, and so by one thread. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SP_PROGRAMS);
	__type(key, __u32);
	__type(value, __u32);
} sp_protocols SEC(".maps");

/* That of a protocol that has one: all but HTTP/1. */
static __always_inline __u32 program_of(__u32 protocol)
{
	return protocol == SP_PROTOCOL_HTTP2 ? SP_PROGRAM_HTTP2 : SP_PROGRAM_FRAMES;
}
