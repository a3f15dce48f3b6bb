/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* HTTP/1.x for either backend. The including file defines SP_BACKEND_SOCKLEN or SP_BACKEND_SYSEXIT. */
#pragma once

#include "kernel.h"
#include "scratch.h"
#include "parse.h"
#include "../maps/scratch.h"
#include "../maps/config.h"
#include "../maps/rules.h"
#include "../maps/conns.h"
#include "../maps/tasks.h"
#include "../maps/goroutines.h"
#include "../maps/handed.h"
#include "../maps/carry.h"
#include "../maps/heads.h"
#include "../maps/pipeline.h"
#include "../maps/bodies.h"
#include "../maps/waiting.h"
#include "../maps/requests.h"
#include "../maps/rates.h"
#include "../maps/counters.h"
#include "../maps/ring.h"
#include "../maps/protocols.h"
#include "goroutine.h"
#include "context.h"
#include "over_http.h"
#include "complete.h"
#include "wanted.h"
#include "exchange.h"
#include "capture.h"
#include "request.h"
#include "others.h"
#include "numbered.h"
#include "wait.h"
#include "segment.h"
#include "json.h"
#include "bodies.h"
#include "head.h"
#include "carry.h"
#include "body.h"
#include "message.h"
#include "whole.h"
#include "position.h"
#include "follow.h"
#include "chance.h"
#include "frames.h"
#include "statement.h"
#include "protocol_files.h"
#include "recognise.h"
#include "framed.h"
#include "socket.h"
#include "cgroup.h"
#include "flush.h"

char _license[] SEC("license") = "Dual BSD/GPL";

/* Keeps the types the agent reads in the object's BTF. */
const struct exchange_event *_exchange_event __attribute__((unused));
const struct statement_event *_statement_event __attribute__((unused));
const struct stream_event *_stream_event __attribute__((unused));
const struct stream_news *_stream_news __attribute__((unused));
const struct cgroup_event *_cgroup_event __attribute__((unused));
const enum sp_event_type _event_type __attribute__((unused));
const enum sp_method _method __attribute__((unused));
const enum sp_end _end __attribute__((unused));
const enum sp_news _news __attribute__((unused));
const enum sp_parent _parent __attribute__((unused));
const enum sp_keep _keep __attribute__((unused));
const enum sp_role _role __attribute__((unused));
const enum sp_protocol _protocol __attribute__((unused));
const enum sp_program _program __attribute__((unused));
const enum sp_counter _counter __attribute__((unused));
const enum sp_config_flag _config_flag __attribute__((unused));
const enum sp_rule_action _rule_action __attribute__((unused));

/* Of a socket of this protocol, whether its datagrams may be asked for. */
static __always_inline int is_for_datagrams(const struct trace_config *config, __u16 protocol)
{
	return protocol == IPPROTO_UDP && (config->protocols & (1U << SP_PROTOCOL_DNS));
}

static __always_inline int is_on(const struct trace_config *config)
{
	return config && (config->flags & SP_CONFIG_ENABLED) && config->protocols;
}
