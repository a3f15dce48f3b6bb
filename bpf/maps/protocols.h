/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#pragma once

/* enum sp_protocol → the program of a protocol of frames. Filled when the object is loaded. */
int sp_protocol_postgresql(__u64 *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, SP_PROTOCOLS);
	__uint(key_size, sizeof(__u32));
	__array(values, int(void *));
} sp_protocols SEC(".maps") = {
	.values = { [SP_PROTOCOL_POSTGRESQL] = (void *)&sp_protocol_postgresql },
};
