/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What differs between processors: the registers that the number and arguments of a system call or a function are in, and the numbers. Nothing else in bpf/ knows of one. */
#pragma once

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

#if defined(__TARGET_ARCH_x86)

struct pt_regs {
	unsigned long r14;
	unsigned long bx;
	unsigned long r10;
	unsigned long r8;
	unsigned long ax;
	unsigned long cx;
	unsigned long dx;
	unsigned long si;
	unsigned long di;
	unsigned long orig_ax;
	unsigned long cs;
	unsigned long sp;
};

enum sp_call {
	SP_CALL_READ = 0,
	SP_CALL_WRITE = 1,
	SP_CALL_READV = 19,
	SP_CALL_WRITEV = 20,
	SP_CALL_SENDFILE = 40,
	SP_CALL_SENDTO = 44,
	SP_CALL_RECVFROM = 45,
	SP_CALL_SENDMSG = 46,
	SP_CALL_RECVMSG = 47,
	SP_CALL_SPLICE = 275,
	SP_CALL_RECVMMSG = 299,
	SP_CALL_SENDMMSG = 307,
	SP_CALL_PREADV2 = 327,
	SP_CALL_PWRITEV2 = 328,
};

#define sp_call_of(regs) ((regs)->orig_ax)
#define sp_first(regs) ((regs)->di)
#define sp_second(regs) ((regs)->si)
#define sp_third(regs) ((regs)->dx)
#define sp_fourth(regs) ((regs)->r10)
/* Of a function, where a probe is: arguments as C passes them, its result, and arguments as Go passes them, with the goroutine, which stays in system calls. */
#define sp_function_first(r) ((r)->di)
#define sp_function_second(r) ((r)->si)
#define sp_function_third(r) ((r)->dx)
#define sp_function_fourth(r) ((r)->cx)
#define sp_function_fifth(r) ((r)->r8)
#define sp_function_result(r) ((r)->ax)
#define sp_go_first(r) ((r)->ax)
#define sp_go_second(r) ((r)->bx)
#define sp_go_third(r) ((r)->cx)
#define sp_go_goroutine(r) ((r)->r14)
#define sp_stack(r) ((r)->sp)
#define sp_fifth(regs) ((regs)->r8)
/* A program of 32 bits: its calls have other numbers and its structs another layout. */
#define sp_is_compat(regs) ((regs)->cs == 0x23)

#elif defined(__TARGET_ARCH_arm64)

struct pt_regs {
	__u64 regs[31];
	__u64 sp;
	__u64 pstate;
	__u64 orig_x0;
	__s32 syscallno;
};

enum sp_call {
	SP_CALL_READ = 63,
	SP_CALL_WRITE = 64,
	SP_CALL_READV = 65,
	SP_CALL_WRITEV = 66,
	SP_CALL_SENDFILE = 71,
	SP_CALL_SPLICE = 76,
	SP_CALL_SENDTO = 206,
	SP_CALL_RECVFROM = 207,
	SP_CALL_SENDMSG = 211,
	SP_CALL_RECVMSG = 212,
	SP_CALL_RECVMMSG = 243,
	SP_CALL_SENDMMSG = 269,
	SP_CALL_PREADV2 = 286,
	SP_CALL_PWRITEV2 = 287,
};

#define sp_call_of(regs) ((regs)->syscallno)
/* regs[0] has the result once the call is over. */
#define sp_first(regs) ((regs)->orig_x0)
#define sp_second(regs) ((regs)->regs[1])
#define sp_third(regs) ((regs)->regs[2])
#define sp_fourth(regs) ((regs)->regs[3])
#define sp_fifth(regs) ((regs)->regs[4])
#define sp_is_compat(regs) ((regs)->pstate & 0x10)
#define sp_function_first(r) ((r)->regs[0])
#define sp_function_second(r) ((r)->regs[1])
#define sp_function_third(r) ((r)->regs[2])
#define sp_function_fourth(r) ((r)->regs[3])
#define sp_function_fifth(r) ((r)->regs[4])
#define sp_function_result(r) ((r)->regs[0])
#define sp_go_first(r) ((r)->regs[0])
#define sp_go_second(r) ((r)->regs[1])
#define sp_go_third(r) ((r)->regs[2])
#define sp_go_goroutine(r) ((r)->regs[28])
#define sp_stack(r) ((r)->sp)

#else
#error "an architecture without its registers here"
#endif

#pragma clang attribute pop
