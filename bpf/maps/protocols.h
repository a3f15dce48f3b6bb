/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* Where hooks go on to. */
enum sp_program {
	SP_PROGRAM_FRAMES = 0,
	SP_PROGRAM_HTTP2,
	SP_PROGRAM_DATAGRAM, /* only the hooks of sockets see datagrams */
	SP_PROGRAM_HTTP, /* all transfers, where both directions have a hook */
	SP_PROGRAMS
};

int sp_protocol_frames(__u64 *ctx);
int sp_protocol_http2(__u64 *ctx);
#ifdef SP_DATAGRAMS
int sp_protocol_datagram(__u64 *ctx);
#define SP_DATAGRAM_ENTRY [SP_PROGRAM_DATAGRAM] = (void *)&sp_protocol_datagram,
#else
#define SP_DATAGRAM_ENTRY
#endif
#if defined(SP_BACKEND_SOCKLEN) && !defined(SP_TLS)
int sp_protocol_http(__u64 *ctx);
#define SP_HTTP_ENTRY [SP_PROGRAM_HTTP] = (void *)&sp_protocol_http,
#else
#define SP_HTTP_ENTRY
#endif

/* enum sp_program → the program. Filled when the object is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SP_PROGRAMS);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} sp_protocols SEC(".maps") = {
	.values = { SP_DATAGRAM_ENTRY SP_HTTP_ENTRY[SP_PROGRAM_FRAMES] = (void *)&sp_protocol_frames, [SP_PROGRAM_HTTP2] =
													      (void *)&sp_protocol_http2 },
};

/* That of a protocol that has one: all but HTTP/1. */
static __always_inline __u32 program_of(__u32 protocol)
{
	return protocol == SP_PROTOCOL_HTTP2 ? SP_PROGRAM_HTTP2 : SP_PROGRAM_FRAMES;
}
