/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

#define SP_DECLARE(name, file) int sp_protocol_##file(__u64 *ctx);
SP_EACH_PROTOCOL(SP_DECLARE)

/* Only the hooks of sockets see datagrams. */
#ifdef SP_DATAGRAMS
int sp_protocol_datagram(__u64 *ctx);
#define SP_DATAGRAM_ENTRY [SP_PROTOCOL_NONE] = (void *)&sp_protocol_datagram,
#else
#define SP_DATAGRAM_ENTRY
#endif

/* Where both directions have a hook, they go on to one program. */
#if defined(SP_BACKEND_SOCKLEN) && !defined(SP_TLS)
int sp_protocol_http(__u64 *ctx);
#define SP_HTTP_ENTRY [SP_PROTOCOL_HTTP] = (void *)&sp_protocol_http,
#else
#define SP_HTTP_ENTRY
#endif

/* enum sp_protocol → the program of a protocol of frames. Filled when the object is loaded; none: that of datagrams; HTTP: that of all transfers. */
#define SP_ENTRY(name, file) [SP_PROTOCOL_##name] = (void *)&sp_protocol_##file,
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SP_PROTOCOLS);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} sp_protocols SEC(".maps") = {
	.values = { SP_DATAGRAM_ENTRY SP_HTTP_ENTRY SP_EACH_PROTOCOL(SP_ENTRY) },
};
