/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Working memory of one program run; per CPU, one for each context that can interrupt another. */
#pragma once

#include "conn.h"

/*
 * Since Linux 7.0 a tracepoint's program may be preempted by another thread's. Never by the same program, which the kernel does not run twice on a processor: so each hook
 * has its own. Not so a uprobe's: each run takes the first from SP_CONTEXT_FIRST_CALL that is free.
 */
enum sp_context {
	SP_CONTEXT_IO = 0,
	SP_CONTEXT_STATE = 1,
	SP_CONTEXT_FLUSH = 2,
	SP_CONTEXTS,
	SP_CONTEXT_SEND = SP_CONTEXTS, /* of the backend with a hook for each direction */
	SP_CONTEXT_FIRST_CALL = SP_CONTEXTS,
	SP_CALL_CONTEXTS = 3
};

enum sp_buffer_kind {
	SP_BUFFER_OPAQUE = 0, /* bytes that cannot be read */
	SP_BUFFER_FLAT, /* one range of user memory */
	SP_BUFFER_VECTOR, /* an array of struct iovec_user */
};

/* Laid out by the system-call ABI, not by BTF. */
struct user_message {
	__u64 name;
	__u32 name_length;
	__u32 _pad;
	__u64 segments; /* struct iovec_user * */
	__u64 segment_count;
	__u64 control;
	__u64 control_length;
	__u32 flags;
	__u32 _pad2;
	/* Of the mmsghdr around it. */
	__u32 returned; /* bytes of this message */
	__u32 _pad3;
};

/* Where the bytes of one transfer are in user memory: the rest of the current range, then the rest of the vector. */
struct io_buffer {
	__u64 at;
	__u64 left; /* of the current range */
	__u64 total; /* of the transfer */
	__u64 vector;
	__u64 segments; /* left in the vector */
	__u8 kind;
	__u8 _pad[7];
};

struct scan {
	__u64 filter; /* bit (letter & 63): a line beginning with it is a candidate, too */
	__u32 length; /* bytes in the block */
	__u32 next; /* after the last whole line */
	__u32 first_end; /* after the first line; 0: not whole */
	__u32 lines; /* candidates */
	__u32 reached; /* how far it went; the rest of the block is for another step */
	__u32 at; /* where it goes on */
	__u32 zero; /* always 0, which the verifier does not know */
	__u8 start_line; /* the block begins with a start line */
	__u8 done; /* the head's empty line was found */
	__u8 inside; /* the block begins inside a line */
	__u8 answer; /* it is one's head */
	__u16 line[SP_LINES];
};

/* A record with what fits an exchange's prefix. */
struct prefix_record {
	struct exchange_event event;
	char head[SP_PREFIX];
};

/* The frame at hand, and what the block holds of it. */
struct frame {
	__u64 length; /* of all of it, its header included */
	__u64 from; /* user address of what follows the block's bytes, while they may be used */
	__u32 at; /* in the block, of its first byte */
	__u32 end; /* of what the block holds */
	__u32 carried; /* bytes of it that came with an earlier transfer */
	__u32 header; /* bytes that say how long it is */
	__u32 want; /* bytes that are asked for */
	__u16 gathered; /* bytes at the front of the block that the transfer's ranges before this one had of it */
	__u8 type;
	__u8 _pad;
};

/* A statement that was given a name. */
struct statement_record {
	struct statement_event event;
	char bytes[SP_HEAD_BYTES];
};

/* A walk over the elements of an answer in BSON, in search of what failed. */
struct bson_walk {
	__u32 at;
	__u32 end;
	__u32 failed;
	__u32 code;
};

/* A walk through a header block: kept here, where the verifier does not follow it. */
struct fields {
	__u32 at;
	__u32 end;
	__u32 inserted; /* entries that it puts into the table */
	__u32 _pad;
};

/* A walk through the words of a line, kept here as well. */
struct words {
	__u64 flags; /* letter_bit of each word of one letter */
	__u32 at;
	__u32 word; /* the one at hand */
	__u32 wanted; /* the one that is a number */
	__u32 number;
	__u32 length; /* of the word at hand, so far */
	__u8 last; /* its last letter */
	__u8 bad; /* the number is none */
	__u8 _pad[2];
};

/* What is to be told of streams when the transfer is through; the second half takes the last one's bytes. */
struct stream_record {
	struct stream_event event;
	char news[2 * SP_HEAD_BYTES];
};

struct telling {
	__u32 filled; /* bytes of the record's news */
	__u32 last; /* where the last one begins */
};

/* A walk through a text of JSON, letter by letter, kept here as well. */
struct json {
	__u64 word; /* first letters of the string at hand, or of the last one */
	__u32 end;
	__u8 length; /* of it, up to 255 */
	__u8 inside; /* of a string */
	__u8 escaped;
	__u8 depth;
	__u8 members; /* the depth of those that are looked at; 0: not known yet */
	__u8 name; /* enum sp_member, of the one at hand */
	__u8 asked; /* bits of enum sp_member */
	__u8 found; /* enum sp_protocol; or nothing */
};

struct scratch {
	struct io_buffer io;
	struct scan scan;
	struct frame frame;
	struct fields fields;
	struct words words;
	struct telling telling;
	struct bson_walk bson;
	struct json json;
	__u64 random[4];
	__u64 now;
	__u64 since; /* first byte of the line at hand */
	__u64 thread; /* who transfers: thread group id << 32 | thread id */
	__u64 cgroup_id; /* of that thread */
	__u64 socket; /* its address; of plaintext, that of the library's object */
	__u64 carrier; /* address of the socket that the bytes go over; 0: not known */
	__u64 peer; /* where the address of a datagram's peer is in user memory; 0: not known */
	__u64 caller; /* where the arguments of the hook are that goes on in another program with this memory */
	__u64 messages; /* of a sendmmsg or recvmmsg that is seen as a whole */
	__u8 direction;
	__u8 fresh; /* no byte of this transfer was consumed yet */
	__u8 nonblocking;
	__u8 fin_read; /* the peer's FIN is in, so it may be counted in the position */
	__u32 context; /* enum sp_context */
	__u32 taken; /* by a uprobe's program */
	__u32 verdict; /* about the exchange at hand */
	__u32 half; /* serial of the message in `exchange` whose other frame may come with this transfer; 0: none */
	struct user_message message; /* copied here: all calls together have 512 bytes of stack */
	struct exchange exchange; /* being made */
	struct conn conn; /* always zero: what a new one begins as */
	struct carry carry;
	struct waiting waiting;
	char block[SP_CARRY_BYTES + SP_BLOCK + SP_CARRY_BYTES + 64];
	struct statement_record statement;
	struct stream_record news;
	char appended[4 * SP_PREFIX]; /* a prefix, and what comes behind it: room for all of it behind any place */
};
