/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Which system calls move bytes of a socket, and which way. */
#pragma once

enum sp_way { SP_WAY_NONE = 0, SP_WAY_IN, SP_WAY_OUT, SP_WAY_MANY_IN, SP_WAY_MANY_OUT, SP_WAY_SENDFILE, SP_WAY_SPLICE };

static __always_inline int way_of(unsigned long call)
{
	switch (call) {
	case SP_CALL_READ:
	case SP_CALL_READV:
	case SP_CALL_RECVFROM:
	case SP_CALL_RECVMSG:
	case SP_CALL_PREADV2:
		return SP_WAY_IN;
	case SP_CALL_WRITE:
	case SP_CALL_WRITEV:
	case SP_CALL_SENDTO:
	case SP_CALL_SENDMSG:
	case SP_CALL_PWRITEV2:
		return SP_WAY_OUT;
	case SP_CALL_RECVMMSG:
		return SP_WAY_MANY_IN;
	case SP_CALL_SENDMMSG:
		return SP_WAY_MANY_OUT;
	case SP_CALL_SENDFILE:
		return SP_WAY_SENDFILE;
	case SP_CALL_SPLICE:
		return SP_WAY_SPLICE;
	default:
		return SP_WAY_NONE;
	}
}
