/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel tells the agent: ring records, metric keys and counters. Checked against the Java layouts by BTF. */
#pragma once

enum sp_event_type { SP_EVENT_NONE = 0, SP_EVENT_EXCHANGE = 1, SP_EVENT_CGROUP = 2, SP_EVENT_STATEMENT = 3, SP_EVENT_STREAM = 4 };

/* Every record starts with this. */
struct event_header {
	__u16 type; /* enum sp_event_type */
	__u16 version; /* of the record's layout */
	__u32 size; /* of the whole record, header included */
	__u64 ktime_ns; /* CLOCK_MONOTONIC, when it was emitted */
};

enum sp_method {
	SP_METHOD_OTHER = 0,
	SP_METHOD_GET = 1,
	SP_METHOD_HEAD = 2,
	SP_METHOD_POST = 3,
	SP_METHOD_PUT = 4,
	SP_METHOD_DELETE = 5,
	SP_METHOD_OPTIONS = 6,
	SP_METHOD_PATCH = 7,
	SP_METHOD_CONNECT = 8,
	SP_METHOD_TRACE = 9,
	SP_METHOD_QUERY = 10,
};

/* How the exchange ended. */
enum sp_end {
	SP_END_COMPLETE = 0, /* its end was known from the protocol */
	SP_END_SILENCE = 1, /* an unbounded response, quiet long enough */
	SP_END_CLOSE = 2, /* an unbounded response, ended by the close: complete */
	SP_END_ABORTED = 3, /* the socket closed before the response was whole: error */
	SP_END_RESET = 4, /* likewise by RST or a socket error */
	SP_END_LOST = 5, /* the kernel lost its place in the byte stream: times and sizes are lower bounds */
	SP_END_STREAM = 6, /* HTTP/2: one side gave the stream up: error */
	SP_END_TIMEOUT = 7, /* there was no answer for longer than one is waited for: error */
};

/* Why the span has the parent it has. */
enum sp_parent {
	SP_PARENT_NONE = 0, /* a root: no context came with it */
	SP_PARENT_HEADER = 1, /* the request's own traceparent */
	SP_PARENT_THREAD = 2, /* the server request that this thread is answering */
	SP_PARENT_UNCERTAIN = 3, /* a root: the thread multiplexes, the link is not certain */
};

enum sp_keep {
	SP_KEEP_SAMPLED = 1 << 0,
	SP_KEEP_RULE = 1 << 1,
	SP_KEEP_ERROR = 1 << 2,
	SP_KEEP_SLOW = 1 << 3,
	SP_KEEP_PARENT = 1 << 4, /* the parent's sampled flag was honoured */
};

/* Of an exchange. The first: of one that the agent put together. */
enum sp_mark {
	SP_MARK_UNKNOWN = 1 << 0, /* something of the request's headers is not known */
	SP_MARK_OF_CARRIER = 1 << 1, /* of HTTP, which is not asked for: it is told only if it is what it looks like */
	SP_MARK_OF_STREAM = 1 << 2, /* by HTTP/2, whatever it carried */
};

/* SP_EVENT_EXCHANGE: one request and its response, followed by head_len bytes of the request head as sent. */
struct exchange_event {
	struct event_header header;
	__u8 trace_id[16];
	__u64 span_id; /* network order bytes, as on the wire */
	__u64 parent_span_id; /* likewise; 0: root */
	__u64 request_start_ns; /* CLOCK_MONOTONIC: first and last byte each way */
	__u64 request_end_ns;
	__u64 response_start_ns; /* 0: no response byte was seen */
	__u64 response_end_ns;
	__u64 request_bytes; /* head and body */
	__u64 response_bytes;
	__u64 cgroup_id;
	__u64 generation; /* of the config that decided */
	__u64 threshold; /* of that config */
	__u64 connection; /* unique on this node while the agent runs */
	__u32 pid; /* thread group id */
	__u32 tid;
	__u32 netns; /* inode number */
	__u32 policy;
	__u8 local_address[16]; /* IPv4 as ::ffff:a.b.c.d */
	__u8 remote_address[16];
	__u16 local_port; /* host order */
	__u16 remote_port;
	__u16 head_len;
	__u8 tls; /* 1: inside of TLS */
	__u8 marks; /* enum sp_mark */
	__u32 status; /* 0: none seen. HTTP: the code; PostgreSQL: SQLSTATE, 6 bits a character */
	__u32 rows; /* of an answer of rows; of HTTP whose bodies were read: where in the head the request's body begins, and << 16 the answer's; 0: nowhere */
	__u8 protocol; /* enum sp_protocol */
	__u8 role; /* enum sp_role */
	__u8 method; /* enum sp_method */
	__u8 minor_version; /* HTTP/1.<n> */
	__u8 end; /* enum sp_end */
	__u8 parent; /* enum sp_parent */
	__u8 keep; /* bits of enum sp_keep */
	__u8 trace_flags; /* of the traceparent that came, else 1 if sampled */
	char comm[16]; /* of the first exchanges of a connection; else empty */
};

/* SP_EVENT_CGROUP: a cgroup below a selected one appeared or went away. */
struct cgroup_event {
	struct event_header header;
	__u64 cgroup_id;
	__u64 parent_id;
	__u32 removed; /* 0: made, 1: removed */
	__u32 _pad;
	char path[256]; /* below the v2 mount, zero-terminated */
};

#define SP_BUCKETS 16

/* SP_EVENT_STATEMENT: a statement was given a name, or an id, by which later requests of the connection speak of it; followed by `length` bytes as sent. */
struct statement_event {
	struct event_header header;
	__u64 connection;
	__u32 length;
	__u8 protocol; /* enum sp_protocol */
	__u8 kind; /* of what was sent, in the protocol's own terms */
	__u8 _pad[2];
};

/* What is told of a stream of HTTP/2, or of its connection. */
enum sp_news {
	SP_NEWS_HEADERS = 0, /* a frame of a header block, or a part of one */
	SP_NEWS_DATA = 1, /* bytes passed */
	SP_NEWS_END = 2, /* the answer ended, by a frame of data */
	SP_NEWS_RESET = 3, /* RST_STREAM, with its code */
	SP_NEWS_GOAWAY = 4, /* no stream above this one is answered */
	SP_NEWS_CLOSED = 5, /* the connection ended; the code is an enum sp_end */
	SP_NEWS_CLOSING = 6, /* likewise, but its owner has bytes to read */
	SP_NEWS_FORGET = 7, /* it was not HTTP/2 after all */
	SP_NEWS_BODY = 8, /* bytes of data that follow those told before; the code says how many were */
};

/* SP_EVENT_STREAM: what a transfer told of a connection's streams, followed by one stream_news or more. */
struct stream_event {
	struct event_header header; /* its time: when the transfer's last byte passed */
	__u64 connection; /* as of exchanges */
	__u64 cgroup_id;
	__u64 generation; /* of the config, and what it says */
	__u64 threshold;
	__u64 slower_than_ns;
	__u32 config_flags; /* enum sp_config_flag */
	__u32 protocols;
	__u32 policy;
	__u32 max_spans;
	__u32 pid;
	__u32 tid;
	__u32 netns;
	__u16 error_from;
	__u16 local_port;
	__u16 remote_port;
	__u8 role; /* enum sp_role */
	__u8 answers; /* 1: of the direction that answers */
	__u8 local_address[16];
	__u8 remote_address[16];
	char comm[16]; /* as of exchanges */
	__u32 count; /* of the news that follow */
};

/* Followed by `length` bytes of the payload of a frame of a header block, or of data, as sent, and by as many more as make the next one's place a multiple of 8. */
struct stream_news {
	__u64 since_ns; /* first byte of the frame */
	__u64 data_bytes[2]; /* frames of data of this stream since its last news: of the direction that asks, and the other */
	__u64 ended_ns; /* when such a frame ended the request; 0: none did */
	__u32 serial; /* of the news of this direction of the connection: one that is missing was lost */
	__u32 inserted; /* entries that header blocks of this direction put into its table before this one, as far as they were counted */
	__u32 uncounted; /* changes where some were not */
	__u32 stream;
	__u32 code;
	__u32 remaining; /* bytes of the frame that are still to come */
	__u16 length;
	__u8 kind; /* enum sp_news */
	__u8 frame_type;
	__u8 frame_flags;
	__u8 first; /* 1: the frame begins with these bytes */
	__u8 passed_over; /* 1: by chance; the block changes the table */
	__u8 answered; /* 1: frames of data that followed ended the answer */
};

/* Key of sp_requests: 40 bytes. */
struct requests_key {
	__u64 cgroup_id;
	__u8 server_address[16]; /* clients only: the remote address; zero for servers */
	__u16 server_port; /* servers: the local port; clients: the remote port */
	__u8 protocol;
	__u8 role;
	__u32 status; /* 0: none seen */
	__u8 method;
	__u8 end_minor; /* enum sp_end << 4 | minor_version */
	__u8 tls; /* 1: inside of TLS */
	__u8 _pad[5];
};

/* Value of sp_requests, per CPU. Buckets by the bounds of all durations in the conventions: 1, 5, 10, 25, 50, 75, 100, 250, 500, 750 ms, 1, 2.5, 5, 7.5, 10 s.
 * Those that the histogram of a protocol does not have are put together when they are read. */
struct requests_value {
	__u64 count;
	__u64 duration_ns;
	__u64 kept; /* of count, how many became records */
	__u64 bucket[SP_BUCKETS];
};

/* Index of sp_counters, per CPU u64: everything seen, kept, discarded, truncated or lost, by reason. */
enum sp_counter {
	SP_COUNT_EXCHANGES = 0, /* closed, of selected cgroups and roles */
	SP_COUNT_KEPT, /* became a record */
	SP_COUNT_SAMPLED_OUT,
	SP_COUNT_NOT_ELIGIBLE, /* no header that the policy asks for */
	SP_COUNT_RATE_LIMITED,
	SP_LOST_RING_FULL,
	SP_LOST_NO_STORAGE, /* socket state could not be made */
	SP_LOST_READ_FAULT, /* user memory could not be read */
	SP_LOST_SYSCALL, /* bytes moved by a call whose buffer is not known: the stream is resynchronised */
	SP_LOST_GAP, /* bytes passed that no hook saw */
	SP_LOST_FRAMING, /* lengths or chunks that cannot be right */
	SP_LOST_RESPONSE, /* the answer to a request was not HTTP */
	SP_LOST_PIPELINE, /* requests in flight behind more of them than are kept for one connection */
	SP_LOST_STEPS, /* one system call held more messages than one program run follows */
	SP_LOST_CARRY, /* a split header line lost its first part */
	SP_LOST_WAITING, /* no room to wait for the end of an unbounded response */
	SP_LOST_METRICS, /* no room for another metrics key */
	SP_LOST_ORDER, /* a response was read, by another thread, before its request's own hook ran */
	SP_LOST_BUSY, /* the other direction of the connection was being followed at the same moment */
	SP_COUNT_GUESSED_WRONG, /* a connection that looked like a protocol and was not */
	SP_COUNT_ENCRYPTED, /* connections that are TLS, or went over to it */
	SP_COUNT_DECRYPTED, /* of TLS, those whose plaintext the probes see */
	SP_COUNT_COMPRESSED, /* connections whose bytes are compressed from here on */
	SP_COUNT_SKIPPED, /* requests that the server passed over after an error */
	SP_TRUNCATED_HEAD, /* a request head longer than what was kept of it */
	SP_TRUNCATED_SEARCH, /* a header block longer than search_bytes */
	SP_COUNTERS,
};
