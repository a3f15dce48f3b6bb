/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the agent writes and the kernel decides by. Plain fixed-size types only: the Java layouts are checked against this file's BTF. */
#pragma once

#include "spandrel/protocols.h" /* made of the contract's registry */

/* Numbers of protocols are bits of a mask. */
#define SP_PROTOCOLS 32

#define SP_ALL_KEPT 0ULL
/* Thresholds are in units of 2^-56: keep iff (trace id & (2^56 - 1)) >= threshold. 2^56 keeps nothing. */
#define SP_NONE_KEPT (1ULL << 56)

#define SP_RULES 16
#define SP_RULE_SETS 256
#define SP_RULE_NAME 40
#define SP_RULE_VALUE 80
#define SP_MAX_SEARCH 4096
#define SP_PORT_RANGES 8

enum sp_config_flag {
	SP_CONFIG_ENABLED = 1 << 0,
	SP_CONFIG_METRICS = 1 << 1,
	SP_CONFIG_HONOR_PARENT = 1 << 2,
	SP_CONFIG_KEEP_ERRORS = 1 << 3,
	SP_CONFIG_CREATE_HEADER_PRESENT = 1 << 4, /* a span only where a PRESENT or MATCH rule, or traceparent, hits */
	SP_CONFIG_TRACEPARENT_PRESENT = 1 << 5, /* traceparent counts as one of those headers */
	SP_CONFIG_BY_CHANCE = 1 << 6, /* chance alone decides, before a request is looked at; with nothing above but ENABLED */
};

enum sp_role { SP_ROLE_NONE = 0, SP_ROLE_SERVER = 1, SP_ROLE_CLIENT = 2 };

/* Both ends belong to it. */
struct port_range {
	__u16 first;
	__u16 last;
};

/* Value of sp_config: the compiled configuration of one cgroup. */
struct trace_config {
	__u64 generation; /* of the node config this value came with */
	__u64 threshold; /* SP_ALL_KEPT .. SP_NONE_KEPT */
	__u64 slower_than_ns; /* keep at or above; 0: off */
	__u32 flags; /* enum sp_config_flag */
	__u32 protocols; /* bit (1 << enum sp_protocol); all bits: every one there is */
	__u32 policy; /* index of the policy: rate limit, loss */
	__u32 max_spans_per_second; /* of this policy on this node; 0: no limit */
	__u16 rule_set; /* index into sp_rules; set 0 is always empty */
	__u16 search_bytes; /* how far into a header block to look for traceparent and rules, <= SP_MAX_SEARCH */
	__u16 capture_bytes; /* how much of the request head goes with the record, <= SP_MAX_SEARCH */
	__u16 server_error_from; /* status that is an error for a server, usually 500 */
	__u16 client_error_from; /* likewise for a client, usually 400 */
	__u8 roles; /* bit (1 << enum sp_role) */
	__u8 port_ranges; /* of `port`; 0: every port is traced */
	__u8 _pad[4];
	struct port_range port[SP_PORT_RANGES]; /* a server's own port, a client's peer's */
};

enum sp_rule_action {
	SP_RULE_NONE = 0,
	SP_RULE_PRESENT = 1, /* the header alone makes the request eligible under CREATE_HEADER_PRESENT */
	SP_RULE_MATCH = 2, /* name and value equal: create and keep, whatever the sampling says */
};

struct header_rule {
	__u8 action; /* enum sp_rule_action */
	__u8 name_len;
	__u8 value_len; /* 0: any value */
	__u8 _pad[5];
	char name[SP_RULE_NAME]; /* lower case, without colon */
	char value[SP_RULE_VALUE]; /* exact bytes, compared after optional white space is trimmed */
};

/* Value of sp_rules: one array entry per distinct set of rules on the node. */
struct header_rules {
	__u32 count;
	__u32 _pad;
	struct header_rule rule[SP_RULES];
};
