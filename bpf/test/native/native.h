/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A kernel of one task, for programs that are compiled natively: what a test tells them, and what they did. Everything is forgotten by native_begin. */
#pragma once
#include <linux/types.h>

void native_begin(void);

/* User memory that may be read; everything else faults. */
void native_user(const void *from, __u64 size);
void native_no_user(void);

/* Called with each record of the ring. */
extern void (*native_record)(const void *record, __u64 size);

/* Steps of the longest loop. */
extern __u64 native_longest_loop;
