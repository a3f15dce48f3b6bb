// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * Loads an object without Java, for kernels in a virtual machine and for a look at what the kernel says.
 *
 * runner OBJECT.o                 attaches everything, lets two exchanges happen over loopback in a cgroup of its own, and checks the records.
 * runner --cgroup PATH OBJECT.o   traces a cgroup, one line per record, until interrupted; then the counters.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "spandrel/config.h"
#include "spandrel/event.h"

enum { EXIT_FAILED = 1, EXIT_UNSUPPORTED = 3, MAP_TYPE_CGRP_STORAGE = 32 };

static char mount_point[256], outer[512], inner[560];
static volatile sig_atomic_t stopped;
static int servers, clients, silent, made, quiet;

static void clean(void)
{
	if (inner[0])
		rmdir(inner);
	if (outer[0])
		rmdir(outer);
}

static void fail(int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("runner: %s: ", code == EXIT_UNSUPPORTED ? "unsupported" : "failed");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	fflush(stdout);
	clean();
	exit(code);
}

static int print_warnings(enum libbpf_print_level level, const char *format, va_list arguments)
{
	return level == LIBBPF_WARN ? vfprintf(stdout, format, arguments) : 0;
}

static void find_mount(void)
{
	char line[1024], path[256], type[64];
	FILE *mounts = fopen("/proc/mounts", "r");

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %255s %63s", path, type) == 2 && !strcmp(type, "cgroup2"))
			strcpy(mount_point, path);
	if (mounts)
		fclose(mounts);
	if (!mount_point[0])
		fail(EXIT_FAILED, "cgroup v2 is not mounted");
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

static struct bpf_map *map_of(struct bpf_object *object, const char *name)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, name);

	if (!map)
		fail(EXIT_FAILED, "no map %s", name);
	return map;
}

static void configure(struct bpf_object *object, const char *cgroup)
{
	struct trace_config config = {
		.generation = 1,
		.flags = SP_CONFIG_ENABLED | SP_CONFIG_METRICS | SP_CONFIG_KEEP_ERRORS,
		.protocols = 1 << SP_PROTOCOL_HTTP1,
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

static void print_exchange(const struct exchange_event *e)
{
	const char *head = (const char *)(e + 1);
	int line = 0;

	while (line < e->head_len && head[line] != '\r' && head[line] != '\n')
		line++;
	printf("exchange role=%s method=%u status=%u end=%u parent=%u keep=%u request=%llu response=%llu us=%lld pid=%u tid=%u ports=%u-%u trace=",
	       e->role == SP_ROLE_SERVER ? "server" : "client", e->method, e->status, e->end, e->parent, e->keep, e->request_bytes, e->response_bytes,
	       (long long)(e->response_end_ns - e->request_start_ns) / 1000, e->pid, e->tid, e->local_port, e->remote_port);
	for (int i = 0; i < 16; i++)
		printf("%02x", e->trace_id[i]);
	printf(" span=%016llx from=%016llx head=%u \"%.*s\"\n", (unsigned long long)__builtin_bswap64(e->span_id),
	       (unsigned long long)__builtin_bswap64(e->parent_span_id), e->head_len, line, head);
}

static int on_record(void *context, void *data, size_t size)
{
	const struct event_header *header = data;
	const struct exchange_event *exchange = data;
	const struct cgroup_event *cgroup = data;

	if (header->size != size)
		fail(EXIT_FAILED, "a record of %zu bytes says it has %u", size, header->size);
	if (header->type == SP_EVENT_CGROUP) {
		printf("cgroup %s id=%llu parent=%llu path=%s\n", cgroup->removed ? "removed" : "made", cgroup->cgroup_id, cgroup->parent_id,
		       cgroup->path);
		made += !cgroup->removed;
		return 0;
	}
	if (!quiet)
		print_exchange(exchange);
	if (exchange->status != 200 || !exchange->request_start_ns || exchange->response_end_ns < exchange->request_start_ns)
		return 0;
	if (exchange->end == SP_END_COMPLETE && exchange->role == SP_ROLE_SERVER)
		servers++;
	else if (exchange->end == SP_END_COMPLETE && exchange->role == SP_ROLE_CLIENT)
		clients++;
	else if (exchange->end == SP_END_SILENCE)
		silent++;
	return 0;
}

static void say(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		exit(2);
}

static void hear(int fd, size_t length)
{
	char buffer[512];
	ssize_t part;

	while (length) {
		part = read(fd, buffer, length < sizeof(buffer) ? length : sizeof(buffer));
		if (part <= 0)
			exit(2);
		length -= part;
	}
}

/* Both ends of a connection, in the inner cgroup. The second response has no end: its silence is flushed while both ends are open. */
static void converse(int started, int flushed)
{
	static const char request[] = "GET /runner HTTP/1.1\r\nHost: loopback\r\n\r\n", response[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
			  endless[] = "HTTP/1.1 200 OK\r\n\r\nand so on";
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof(address);
	int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), server;
	char byte;

	alarm(20);
	if (bind(listener, (void *)&address, sizeof(address)) || listen(listener, 1) || getsockname(listener, (void *)&address, &length) ||
	    connect(client, (void *)&address, sizeof(address)))
		exit(2);
	server = accept(listener, 0, 0);
	if (server < 0)
		exit(2);
	say(client, request);
	hear(server, sizeof(request) - 1);
	say(server, response);
	hear(client, sizeof(response) - 1);
	say(client, request);
	hear(server, sizeof(request) - 1);
	say(server, endless);
	hear(client, sizeof(endless) - 1);
	say(started, "x");
	if (read(flushed, &byte, 1) < 0)
		exit(2);
	exit(0);
}

static void join(const char *cgroup)
{
	char path[600], text[16];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	snprintf(text, sizeof(text), "%d", getpid());
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(2);
	close(fd);
}

static void flush(struct bpf_object *object)
{
	__u64 quiet_ns = 0;
	LIBBPF_OPTS(bpf_test_run_opts, options, .ctx_in = &quiet_ns, .ctx_size_in = sizeof(quiet_ns));
	struct bpf_program *program = bpf_object__find_program_by_name(object, "sp_flush");

	if (!program || bpf_prog_test_run_opts(bpf_program__fd(program), &options))
		fail(EXIT_FAILED, "sp_flush does not run: %s", strerror(errno));
}

static void print_counters(struct bpf_object *object)
{
	static const char *const names[] = { "exchanges",  "kept",    "sampled_out", "not_eligible",   "rate_limited",	  "ring_full", "no_storage",
					     "read_fault", "syscall", "gap",	     "framing",	       "response",	  "pipeline",  "steps",
					     "carry",	   "waiting", "metrics",     "truncated_head", "truncated_search" };
	int cpus = libbpf_num_possible_cpus(), fd = bpf_map__fd(map_of(object, "sp_counters"));
	__u64 values[cpus];

	_Static_assert(sizeof(names) / sizeof(*names) == SP_COUNTERS, "a name for each counter");
	printf("counters");
	for (__u32 key = 0; key < SP_COUNTERS; key++) {
		__u64 sum = 0;

		if (!bpf_map_lookup_elem(fd, &key, values))
			for (int i = 0; i < cpus; i++)
				sum += values[i];
		if (sum)
			printf(" %s=%llu", names[key], sum);
	}
	printf("\n");
}

static int self_test(struct bpf_object *object, struct ring_buffer *ring)
{
	int started[2], flushed[2], status;
	char byte;
	pid_t child;

	snprintf(outer, sizeof(outer), "%s/spandrel-runner-%d", mount_point, getpid());
	if (mkdir(outer, 0755))
		fail(EXIT_FAILED, "%s: %s", outer, strerror(errno));
	configure(object, outer);
	snprintf(inner, sizeof(inner), "%s/inner", outer);
	if (mkdir(inner, 0755) || pipe(started) || pipe(flushed))
		fail(EXIT_FAILED, "%s: %s", inner, strerror(errno));
	child = fork();
	if (!child) {
		join(inner);
		close(started[0]);
		close(flushed[1]);
		converse(started[1], flushed[0]);
	}
	close(started[1]);
	close(flushed[0]);
	if (read(started[0], &byte, 1) != 1)
		fail(EXIT_FAILED, "the exchange over loopback did not happen");
	flush(object);
	close(flushed[1]);
	waitpid(child, &status, 0);
	ring_buffer__consume(ring);
	print_counters(object);
	clean();
	if (servers != 1 || clients != 1 || silent != 2 || made != 1)
		fail(EXIT_FAILED, "%d server, %d client, %d flushed and %d cgroup records instead of 1, 1, 2 and 1", servers, clients, silent, made);
	printf("runner: passed\n");
	return 0;
}

static void stop(int signal)
{
	stopped = 1;
}

int main(int count, char **arguments)
{
	const char *cgroup = 0, *path = 0;
	struct rlimit unlimited = { RLIM_INFINITY, RLIM_INFINITY };
	struct bpf_object *object;
	struct bpf_program *program;
	struct ring_buffer *ring;

	for (int i = 1; i < count; i++) {
		if (!strcmp(arguments[i], "--cgroup") && i + 1 < count)
			cgroup = arguments[++i];
		else if (!strcmp(arguments[i], "--quiet"))
			quiet = 1;
		else
			path = arguments[i];
	}
	if (!path) {
		fprintf(stderr, "usage: runner [--cgroup PATH [--quiet]] OBJECT.o\n");
		return 2;
	}
	setvbuf(stdout, 0, _IOLBF, 0);
	setrlimit(RLIMIT_MEMLOCK, &unlimited);
	libbpf_set_print(print_warnings);
	find_mount();
	object = bpf_object__open_file(path, 0);
	if (libbpf_get_error(object))
		fail(EXIT_FAILED, "%s does not open", path);
	check_tracepoints(object);
	if (bpf_object__load(object))
		fail(EXIT_FAILED, "%s does not load", path);
	bpf_object__for_each_program (program, object)
		if (strcmp(bpf_program__section_name(program), "syscall") && libbpf_get_error(bpf_program__attach(program)))
			fail(EXIT_FAILED, "%s does not attach: %s", bpf_program__name(program), strerror(errno));
	ring = ring_buffer__new(bpf_map__fd(map_of(object, "sp_ring")), on_record, 0, 0);
	if (!ring)
		fail(EXIT_FAILED, "the ring does not open: %s", strerror(errno));
	if (!cgroup)
		return self_test(object, ring);
	configure(object, cgroup);
	signal(SIGINT, stop);
	signal(SIGTERM, stop);
	printf("runner: tracing %s\n", cgroup);
	while (!stopped) {
		usleep(50000);
		flush(object);
		ring_buffer__consume(ring);
	}
	print_counters(object);
	return 0;
}
