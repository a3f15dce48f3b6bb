/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The kernel types that are read here, and of them only the fields that are. Offsets come from the running kernel's BTF (CO-RE). */
#pragma once

#include <linux/types.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define AF_INET 2
#define AF_INET6 10
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_MPTCP 262
#define TCP_ESTABLISHED 1
#define TCP_FIN_WAIT1 4
#define TCP_CLOSE 7
#define TCP_LAST_ACK 9
#define RCV_SHUTDOWN 1
#define SHUTDOWN_BOTH 3
#define MSG_OOB 1
#define MSG_PEEK 2
#define MSG_TRUNC 0x20
#define MSG_DONTWAIT 0x40
#define MSG_ERRQUEUE 0x2000
#define O_NONBLOCK 04000
#define S_IFMT 0170000
#define S_IFSOCK 0140000
#define PF_IO_WORKER 0x10
#define PF_KTHREAD 0x00200000

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct in6_addr {
	union {
		__u8 u6_addr8[16];
	} in6_u;
};

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

struct sock_common {
	__be32 skc_daddr;
	__be32 skc_rcv_saddr;
	__be16 skc_dport;
	__u16 skc_num;
	unsigned short skc_family;
	volatile unsigned char skc_state;
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

struct inode {
	unsigned short i_mode;
};

struct file {
	unsigned int f_flags;
	void *private_data;
	struct inode *f_inode;
};

struct sock;

struct socket {
	struct file *file;
	struct sock *sk;
};

struct sk_buff_head {
	__u32 qlen;
};

struct sock {
	struct sock_common __sk_common;
	struct sk_buff_head sk_receive_queue;
	__u16 sk_type;
	__u16 sk_protocol;
	__u8 sk_shutdown;
	int sk_err;
	struct socket *sk_socket;
};

struct inet_sock {
	__be16 inet_sport;
};

struct tcp_sock {
	__u32 rcv_nxt;
	__u32 copied_seq;
	__u32 write_seq;
};

/* What an iterator over socket storage is called with. */
struct bpf_iter__bpf_sk_storage_map {
	struct sock *sk;
};

struct kernfs_node {
	struct kernfs_node *__parent;
	__u64 id;
};

struct bpf_local_storage;

struct cgroup {
	struct kernfs_node *kn;
	int level;
	struct bpf_local_storage *bpf_cgrp_storage;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct fdtable {
	unsigned int max_fds;
	struct file **fd;
};

struct files_struct {
	struct fdtable *fdt;
};

struct task_struct {
	unsigned int flags;
	int pid;
	int tgid;
	struct css_set *cgroups;
	struct files_struct *files;
};

#pragma clang attribute pop

struct iovec_user {
	__u64 base;
	__u64 length;
};

#include "differences.h"
