/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* In place of libbpf's: the layouts are those of kernel.h, and every field exists. */
#pragma once

#define native_path1(source, a) ((source)->a)
#define native_path2(source, a, b) ((source)->a->b)
#define native_path3(source, a, b, c) ((source)->a->b->c)
#define native_path4(source, a, b, c, d) ((source)->a->b->c->d)
#define native_pick(_1, _2, _3, _4, name, ...) name
#define BPF_CORE_READ(source, ...) native_pick(__VA_ARGS__, native_path4, native_path3, native_path2, native_path1)(source, __VA_ARGS__)
#define BPF_CORE_READ_INTO(to, source, ...)                                                                \
	({                                                                                                 \
		__typeof__(BPF_CORE_READ(source, __VA_ARGS__)) value = BPF_CORE_READ(source, __VA_ARGS__); \
		memcpy(to, &value, sizeof(*(to)));                                                         \
	})
#define bpf_core_field_exists(field) 1
#define bpf_core_type_id_kernel(type) 0
