/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Runs beside the programs under test and does nothing: what the kernel's statistics say it took is their own cost. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

SEC("tp_btf/sock_send_length")
int empty_send(void *context)
{
	return 0;
}

SEC("tp_btf/sock_recv_length")
int empty_recv(void *context)
{
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
