/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the agent does when it has loaded an object: each program that others go on to is put where they look for it. */
#pragma once

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

/* 0, or what bpf_map_update_elem says. */
static inline int fill_programs(struct bpf_object *object)
{
	const struct btf *types = bpf_object__btf(object);
	int id = btf__find_by_name_kind(types, "sp_program", BTF_KIND_ENUM), map = bpf_object__find_map_fd_by_name(object, "sp_protocols");
	const struct btf_type *type = id < 0 ? 0 : btf__type_by_id(types, id);

	for (int i = 0; type && i < btf_vlen(type); i++) {
		const char *constant = btf__name_by_offset(types, btf_enum(type)[i].name_off);
		char name[64] = "sp_protocol_", *end = name + strlen(name);
		struct bpf_program *program;
		int fd, index = btf_enum(type)[i].val;

		if (sscanf(constant, "SP_PROGRAM_%40s", end) != 1)
			continue;
		for (; *end; end++)
			*end = tolower(*end);
		program = bpf_object__find_program_by_name(object, name);
		fd = program ? bpf_program__fd(program) : -1;
		if (program && bpf_map_update_elem(map, &index, &fd, BPF_ANY))
			return -1;
	}
	return 0;
}
