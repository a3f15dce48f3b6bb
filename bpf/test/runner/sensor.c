// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "spandrel/config.h"

#include "../programs.h"
#include "fail.h"
#include "figures.h"
#include "sensor.h"

enum { MAP_TYPE_CGRP_STORAGE = 32 };

static int print_warnings(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stdout, format, arguments) : 0;
}

/* The tracepoints that the object needs and this kernel lacks. */
static void check_tracepoints(struct bpf_object *object)
{
	struct btf *kernel = btf__load_vmlinux_btf();
	struct bpf_program *program;
	char name[128];

	if (libbpf_get_error(kernel))
		fail(EXIT_UNSUPPORTED, "the kernel has no BTF");
	bpf_object__for_each_program (program, object) {
		const char *section = bpf_program__section_name(program);

		if (strncmp(section, "tp_btf/", 7))
			continue;
		snprintf(name, sizeof(name), "btf_trace_%s", section + 7);
		if (btf__find_by_name_kind(kernel, name, BTF_KIND_TYPEDEF) < 0)
			fail(EXIT_UNSUPPORTED, "the kernel has no tracepoint %s", section + 7);
	}
	btf__free(kernel);
}

static struct bpf_object *open_object(const char *path)
{
	struct bpf_object *object = bpf_object__open_file(path, 0);

	if (libbpf_get_error(object))
		fail(EXIT_FAILED, "%s does not open", path);
	return object;
}

/* The others are run by us, or called by a hook. */
static int is_hook(struct bpf_program *program)
{
	return !strncmp(bpf_program__section_name(program), "tp_btf/", 7) && strncmp(bpf_program__name(program), "sp_protocol_", 12);
}

int is_whole(struct bpf_object *object)
{
	return !!bpf_object__find_program_by_name(object, "sp_cgroup_mkdir");
}

struct bpf_object *start_sensor(const char *path)
{
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct bpf_object *object;
	struct bpf_program *program;
	struct lap load, attach;

	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_print(print_warnings);
	object = open_object(path);
	check_tracepoints(object);
	ask_for_figures(object);
	lap();
	if (bpf_object__load(object)) {
		/* Once more, for libbpf to print what the verifier says. */
		bpf_object__load(open_object(path));
		fail(EXIT_FAILED, "%s does not load", path);
	}
	if (fill_programs(object))
		fail(EXIT_FAILED, "sp_protocols: %s", strerror(errno));
	load = lap();
	if (is_whole(object))
		bpf_object__for_each_program (program, object)
			if (is_hook(program) && libbpf_get_error(bpf_program__attach(program)))
				fail(EXIT_FAILED, "%s does not attach: %s", bpf_program__name(program), strerror(errno));
	attach = lap();
	print_figures(object);
	check_stacks(object);
	printf("times\t%.1f\t%.1f\t%.1f\n", load.wall, load.own, attach.wall);
	return object;
}

static struct bpf_map *map_of(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (!map)
		fail(EXIT_FAILED, "no map %s", name);
	return map;
}

void configure(struct bpf_object *object, const char *cgroup)
{
	struct trace_config config = {
		.generation = 1,
		.flags = SP_CONFIG_ENABLED | SP_CONFIG_METRICS | SP_CONFIG_KEEP_ERRORS,
		.protocols = ~0U,
		.roles = 1 << SP_ROLE_SERVER | 1 << SP_ROLE_CLIENT,
		.search_bytes = 4096,
		.capture_bytes = 512,
		.server_error_from = 500,
		.client_error_from = 400,
	};
	struct bpf_map *map = map_of(object, "sp_config");
	int fd = open(cgroup, O_RDONLY | O_DIRECTORY), result;
	struct stat status;
	__u64 id;

	if (fd < 0 || fstat(fd, &status))
		fail(EXIT_FAILED, "%s: %s", cgroup, strerror(errno));
	id = status.st_ino;
	if ((int)bpf_map__type(map) == MAP_TYPE_CGRP_STORAGE)
		result = bpf_map_update_elem(bpf_map__fd(map), &fd, &config, BPF_ANY);
	else
		result = bpf_map_update_elem(bpf_map__fd(map), &id, &config, BPF_ANY);
	if (result)
		fail(EXIT_FAILED, "sp_config of %s: %s", cgroup, strerror(errno));
	close(fd);
}

struct ring_buffer *open_ring(struct bpf_object *object, ring_buffer_sample_fn on_record, void *context)
{
	struct ring_buffer *ring = ring_buffer__new(bpf_map__fd(map_of(object, "sp_ring")), on_record, context, 0);

	if (!ring)
		fail(EXIT_FAILED, "the ring does not open: %s", strerror(errno));
	return ring;
}

void flush(struct bpf_object *object)
{
	__u64 quiet_ns = 0;
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &quiet_ns, .ctx_size_in = sizeof(quiet_ns));
	struct bpf_program *program = bpf_object__find_program_by_name(object, "sp_flush");

	if (!program || bpf_prog_test_run_opts(bpf_program__fd(program), &options))
		fail(EXIT_FAILED, "sp_flush does not run: %s", strerror(errno));
}
