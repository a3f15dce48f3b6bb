/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* TLS as a library's object sees it: two streams of plaintext, and the socket that carries them. */
#pragma once

#include "conn.h"

/* Cookie of a probe on a TLS library's functions. */
enum sp_tls_cookie {
	SP_TLS_SENDS = 1 << 0, /* plaintext goes out */
	SP_TLS_BY_POINTER = 1 << 1, /* the fourth argument says where the length is written; the result is 1 for success */
	SP_TLS_LONG = 1 << 2, /* the result is of 64 bits */
	SP_TLS_BATCH = 1 << 3, /* the fourth argument is the length, and not where lengths are */
};

/* How the object of a session names its socket. */
enum sp_finder {
	SP_FIND_NOTHING = 0, /* it does not */
	SP_FIND_GO, /* a tls.Conn */
	SP_FIND_BIO, /* an SSL */
};

struct session_key {
	__u64 object; /* its address */
	__u32 process;
	__u32 _pad;
};

struct session {
	struct conn conn;
	__u64 socket; /* struct sock *; 0: not known yet */
	__u8 nonblocking;
	__u8 _pad[7];
};

struct tls_call {
	__u64 object;
	__u64 buffer;
	__u64 segments; /* of an array of them at `buffer`; 0: it is flat */
	__u64 size;
	__u64 length_at;
	__u64 socket; /* that the thread used inside the call */
	__u64 source; /* between calls: from which it received ciphertext last */
	__u64 received; /* bytes of it */
	__u64 fed; /* object that was asked after its socket was read, and had nothing yet */
	__u64 feeder; /* that socket */
	__u64 wrote; /* object whose ciphertext goes out after the call */
	__u64 wrote_bytes;
	__u64 length; /* of what passed */
	__u64 carrier; /* socket that it belongs to, as this call tells; 0: none */
	__u32 context; /* of the program that runs */
	__u8 inside;
	__u8 sources; /* 0, 1, or 2 for more than one */
	__u8 direction;
	__u8 certain; /* the carrier was used inside the call, or is named by the object */
	__u16 finder_at; /* where the object has what leads to its socket */
	__u8 finder; /* enum sp_finder */
	__u8 _pad[5];
};
