/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is known of one socket: its two byte streams and the exchange that is open on it. */
#pragma once

#include "spandrel/config.h"
#include "spandrel/event.h"

#define SP_PREFIX 160
#define SP_TASK_LINE 64
#define SP_BLOCK 4096
#define SP_CARRY_BYTES 256
#define SP_LINES 32
#define SP_HEAD_BYTES 4096

enum sp_direction { SP_INGRESS = 0, SP_EGRESS = 1 };

enum sp_stream_state {
	SP_UNSYNCED = 0, /* the next message starts where a start line stands at the start of an I/O */
	SP_START, /* the next byte starts a message */
	SP_HEAD, /* inside a head */
	SP_LENGTH, /* `remaining` bytes of body */
	SP_CHUNK_LINE, /* inside a chunk's size line, or the trailer */
	SP_CHUNK, /* `remaining` bytes of a chunk and its line end */
	SP_UNTIL_CLOSE,
	SP_OPAQUE, /* no longer HTTP */
};

enum sp_stream_bit {
	SP_START_LINE = 1 << 0, /* the head's first line is not whole yet */
	SP_CARRIED = 1 << 1, /* a part of a line waits in sp_carry */
	SP_SKIP_LINE = 1 << 2, /* the rest of this line does not matter */
	SP_CHUNKED = 1 << 3,
	SP_HAS_LENGTH = 1 << 4,
	SP_TENTATIVE = 1 << 5, /* began unsynchronised: taken back silently if it is none */
	SP_SIZE_DONE = 1 << 6, /* chunk line: the digits are over */
	SP_TRAILER = 1 << 7, /* chunk line: the last chunk was seen */
};

/* Of an opaque stream: it went over to another protocol, which may be HTTP/2. */
#define SP_UPGRADED SP_TRAILER

/* Of the same byte, where the protocol is one of frames. */
enum sp_frame_bit {
	SP_FRAME_KEPT = 1 << 0, /* of what is carried: it is with the connection */
	SP_FRAME_CARRIED = SP_CARRIED, /* the first bytes of a frame wait in sp_carry */
	SP_FRAME_CAPTURED = 1 << 2, /* the rest of this frame belongs to what is captured */
	SP_FRAME_BUILDING = 1 << 3, /* a request is being put together */
	SP_FRAME_CONTINUED = 1 << 7, /* the next frame goes on with this one */
	SP_FRAME_ONE_BYTE = 1 << 4, /* the answer is one byte, without a frame */
	SP_FRAME_STARTUP = 1 << 6, /* what comes first on a connection, in a form of its own */
	SP_FRAME_CONFIRMED = 1 << 5, /* an exchange was whole: the protocol is no guess any more */
};

/* What a protocol's file makes of the first bytes of a transfer. Of several protocols the one that is surest is believed. */
enum sp_guess {
	SP_GUESS_WEAK = 1 << 0, /* it could be chance: so do other bytes begin */
	SP_GUESS_STRONG = 1 << 1, /* several fields agree, or a magic number is there */
	SP_GUESS_ANSWER = 1 << 2, /* it is the server that speaks */
	SP_GUESS_STARTUP = SP_FRAME_STARTUP, /* what comes first on a connection */
};

/* So often a connection may turn out not to be what it looked like. */
#define SP_WRONG_GUESSES 8

/* So often bytes begin to wait that say nothing yet; in a protocol that nobody knows they always would. */
#define SP_MOST_HELD 8

#define SP_EARLY 2

struct stream {
	__u64 remaining;
	__u32 position; /* TCP sequence number of the next byte */
	union {
		__u32 head_bytes; /* of the head so far */
		__u32 batches; /* of a protocol of frames: batches of requests that were ended, in either direction; or the number in the frame at hand */
	};
	__u8 state; /* enum sp_stream_state */
	__u8 bits; /* enum sp_stream_bit */
	__u8 positioned; /* `position` is known */
	union {
		__u8 line_empty; /* trailer: nothing on this line yet */
		__u8 phase; /* of a protocol of frames: where in an answer it is, in the protocol's own terms */
		__u8 numbered; /* enum sp_numbered */
		__u8 held; /* while no protocol is known: how often bytes began to wait that said nothing */
	};
	union {
		struct {
			__u8 latest; /* by chance: the last transfer was of this direction */
			__u8 asks; /* by chance: assumed to be the one that carries requests */
		};
		__u16 within; /* of a protocol of frames within others: what is left of the outer one, in the protocol's own terms */
	};
	__u8 early; /* SP_EARLY: a response came here that no request was seen for yet; 1: what comes may be one */
	__u8 lost; /* its place was lost, and not found again */
};

enum sp_exchange_bit {
	SP_ELIGIBLE = 1 << 0,
	SP_RULE_MATCHED = 1 << 1,
	SP_SAMPLED = 1 << 2,
	SP_BY_PARENT = 1 << 3, /* the parent's flag decided */
	SP_REQUEST_WHOLE = 1 << 4,
	SP_TRACEPARENT = 1 << 5, /* one valid traceparent was found */
	SP_TRACEPARENT_TWICE = 1 << 6,
	SP_IN_HEADS = 1 << 7, /* the head has a place in sp_heads, too */
};

/* Of the `flags` of an exchange, behind those of its trace_config. */
enum sp_exchange_flag {
	SP_MAY_BE_GRAPHQL = 1 << 26, /* its bodies are read for the sake of GraphQL */
	SP_MAY_BE_JSONRPC = 1 << 27, /* likewise */
	SP_OF_CARRIER = 1 << 28, /* of HTTP/1, which is not asked for: it is told only if it turns out to carry what is */
	SP_OF_GOROUTINE = 1 << 29, /* a goroutine was given it */
	SP_OF_ELIGIBLE = 1 << 30, /* child of a request that may have a span */
};

#define SP_READS_BODY (SP_MAY_BE_GRAPHQL | SP_MAY_BE_JSONRPC)

struct exchange {
	__u8 trace_id[16];
	__u64 span_id;
	__u64 parent_span_id;
	__u64 request_start;
	__u64 request_end;
	__u64 response_start;
	__u64 response_end;
	__u64 request_bytes;
	__u64 response_bytes;
	__u64 cgroup_id;
	__u64 generation;
	__u64 threshold;
	__u64 slower_than;
	__u32 flags; /* of the trace_config, and enum sp_exchange_flag */
	__u32 policy;
	__u32 max_spans;
	__u32 pid;
	__u32 tid;
	__u32 serial; /* on this connection, modulo 2^16 */
	__u32 status;
	__u32 rows; /* of HTTP whose bodies are read: where in what is captured the request's body begins, and << 16 the answer's */
	__u16 error_from;
	__u16 head_len; /* bytes of the head so far, up to what is to be captured */
	__u16 capture;
	__u8 method;
	__u8 minor;
	__u8 parent;
	__u8 trace_flags;
	__u8 bits; /* enum sp_exchange_bit */
	__u8 roles; /* of the trace_config; 0: not kept, there was no room for it behind others */
	__u8 kind; /* what sort of request, in the protocol's own terms */
	__u8 batch; /* requests that fail together, modulo 256 */
	char prefix[SP_PREFIX];
};

/* Bit of a connection's id: what is followed is the plaintext inside of TLS. */
#define SP_ID_TLS 1ULL

/* What passed of a stream of HTTP/2 and was not told yet. */
struct pending {
	__u64 bytes[2]; /* of the direction that asks, and the other */
	__u64 ended_ns;
	__u32 stream; /* 0: nothing */
	__u32 _pad;
};

#define SP_PENDING 8

/* Of a connection that carries many exchanges at once: they are put together by the agent. */
struct streams {
	struct pending pending[SP_PENDING]; /* by stream; who comes later has the other's news told */
	__u32 serial[2]; /* by enum sp_direction: of what was told */
	__u32 inserted[2]; /* entries that were put into the table */
	__u32 uncounted[2];
	__u8 confirmed;
	__u8 told; /* the agent knows the connection */
	__u8 _pad[6];
};

struct stream_key {
	__u64 id; /* of the connection */
	__u32 stream;
	__u32 _pad;
};

/* Bytes of a stream's bodies that went to the agent. */
struct stream_bodies {
	__u16 asked;
	__u16 answered;
};

struct endpoints {
	__u64 id; /* of the connection, unique while it lives */
	__u8 local_address[16];
	__u8 remote_address[16];
	__u16 local_port;
	__u16 remote_port;
	__u32 netns;
	__u8 role;
	__u8 closing; /* enum sp_end: TCP is done with it, but the owner still has bytes to read */
	__u8 unwanted; /* in a role or on a port that the policy does not ask for */
	__u8 protocol; /* enum sp_protocol; none: not known yet, or HTTP/1 */
	__u16 generation; /* that said so, modulo 2^16 */
	__u8 refuted; /* enum sp_protocol: the last wrong guess */
	__u8 wrong; /* guesses that were wrong */
};

/* 440 bytes are what fits a 512-byte kmalloc object together with the storage element's own header. */
struct conn {
	struct stream stream[2]; /* by enum sp_direction */
	struct endpoints endpoints;
	__u16 first; /* serial of the open exchange; none is open if it equals `next` */
	__u16 next; /* serial of the next request */
	__u32 busy; /* the processor, from 1, whose hook is at work on it */
	__u32 batch; /* low bits of the sendmmsg/recvmmsg array in progress */
	__u16 batch_index;
	__u16 batch_last;
	union {
		struct exchange open;
		struct streams streams;
	};
};

/* Several requests in flight: all but the first wait here. By serials in order, or by the numbers that the protocol gives them. */
struct pipeline_key {
	__u64 id;
	__u32 serial;
	__u32 _pad;
};

struct waiting {
	struct endpoints endpoints;
	struct exchange exchange;
};

struct carry_key {
	__u64 id;
	__u64 direction;
};

struct carry {
	__u64 since_ns;
	__u32 length;
	__u32 _pad;
	char bytes[SP_CARRY_BYTES];
};

/* A long head, and room before it for all else of its record. */
struct head {
	__u64 taken_ns; /* 0: it is free */
	__u64 id; /* of the connection, and the exchange's serial: whose it is */
	__u32 serial;
	__u32 _pad;
	struct exchange_event event;
	char bytes[2 * SP_HEAD_BYTES]; /* the second half only keeps the verifier's bounds independent */
};

/* The server request that a task is answering. */
struct task_context {
	__u8 trace_id[16];
	__u64 span_id; /* 0: none */
	__u64 since; /* ktime */
	__u8 multiplexed; /* was seen with two at once */
	__u8 nonblocking;
	__u8 sampled;
	__u8 by_parent;
	__u8 trace_flags;
	__u8 eligible;
	__u8 named; /* `line` is of this request */
	__u8 _pad;
	char line[SP_TASK_LINE]; /* its request line as far as it fits, for whoever asks what the thread is at */
};
