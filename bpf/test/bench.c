// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * bench OBJECT.o [CYCLES [COLUMN [TALK]]]: (one column alone: without what its client costs taken off)
 * BPF run time per request of a traced server, by the kernel's own statistics, net of what those cost;
 * the best of eight.
 *
 * A server in a cgroup of its own answers 16 connections that stay, with the calls that servers make (HTTP: recv, then writev of head and body, as nginx); the client is outside.
 * `./dev bench http` measures the same with real programs; this one is for a look at one change of the BPF code.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/types.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bench_talks.h"
#include "programs.h"
#include "spandrel/config.h"
#include "spandrel/event.h"

enum { CONNECTIONS = 16, MAX_PROGRAMS = 32, SEGMENTS = 8 };

struct column {
	const char *name;
	__u64 threshold;
	__u32 flags;
	int selected;
	int rules;
};

static const struct column columns[] = {
	{ "unselected", SP_ALL_KEPT, 0, 0, 0 },
	{ "0 %", SP_NONE_KEPT, SP_CONFIG_ENABLED | SP_CONFIG_METRICS, 1, 0 },
	{ "rule", SP_ALL_KEPT, SP_CONFIG_ENABLED | SP_CONFIG_METRICS | SP_CONFIG_CREATE_HEADER_PRESENT, 1, 1 },
	{ "1 % chance", SP_NONE_KEPT / 100 * 99, SP_CONFIG_ENABLED | SP_CONFIG_BY_CHANCE, 1, 0 },
	{ "100 %", SP_ALL_KEPT, SP_CONFIG_ENABLED | SP_CONFIG_METRICS, 1, 0 },
};

static char cgroup[512];
static pid_t server;

static void clean(void)
{
	if (server > 0) {
		kill(server, SIGKILL);
		waitpid(server, NULL, 0);
	}
	if (cgroup[0])
		rmdir(cgroup);
}

static void check(int good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void make_cgroup(void)
{
	char line[1024], path[256], type[64];
	FILE *mounts = fopen("/proc/mounts", "r");

	while (mounts && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %255s %63s", path, type) == 2 && !strcmp(type, "cgroup2"))
			snprintf(cgroup, sizeof(cgroup), "%s/spandrel-bench-%d", path, getpid());
	check(mounts && cgroup[0], "cgroup v2 is not mounted");
	fclose(mounts);
	check(!mkdir(cgroup, 0755), cgroup);
}

/* A server that does a lot between its calls, and so finds nothing of ours in the caches: COLD=KiB, of code that runs and of data that are read. */
static char *code, *data;
static size_t cold;

static void prepare_cold(void)
{
	cold = getenv("COLD") ? strtoul(getenv("COLD"), NULL, 10) << 10 : 0;
	if (!cold)
		return;
	code = mmap(NULL, cold + 64, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	data = mmap(NULL, cold, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	check(code != MAP_FAILED && data != MAP_FAILED, "mmap");
	memset(data, 1, cold);
	for (size_t at = 0; at < cold; at += 64) {
		code[at] = 0xeb; /* jmp to the next line */
		code[at + 1] = 62;
	}
	code[cold] = 0xc3;
}

static void work(void)
{
	volatile char sum = 0;

	if (!cold)
		return;
	for (size_t at = 0; at < cold; at += 64)
		sum += data[at];
	((void (*)(void))code)();
}

static void answer(int fd, const struct talk *talk)
{
	static char in[4096];

	work();
	for (int i = 0; i < talk->reads; i++)
		if (recv(fd, in, talk->read[i], MSG_WAITALL) <= 0)
			_exit(0);
	work();
	if (writev(fd, talk->answer, talk->answers) < 0)
		_exit(1);
}

static void serve(int listener, const struct talk *talk)
{
	int fds[CONNECTIONS];
	char path[600], in[64];
	FILE *procs;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	procs = fopen(path, "w");
	check(procs && fprintf(procs, "0") > 0 && !fclose(procs), path);
	for (int i = 0; i < CONNECTIONS; i++)
		fds[i] = accept(listener, NULL, NULL);
	for (int i = 0; i < CONNECTIONS && talk->hello_length; i++)
		if (recv(fds[i], in, talk->hello_length, MSG_WAITALL) <= 0)
			_exit(0);
	for (;;)
		for (int i = 0; i < CONNECTIONS; i++)
			answer(fds[i], talk);
}

static void cycle(const int *fds, const struct talk *talk)
{
	static char in[1 << 16];

	for (int i = 0; i < CONNECTIONS; i++)
		check(send(fds[i], talk->request, talk->length, 0) == talk->length, "send");
	for (int i = 0; i < CONNECTIONS; i++)
		check(recv(fds[i], in, talk->answered, MSG_WAITALL) == talk->answered, "recv");
}

struct figure {
	__u64 ns, runs;
};

static struct figure figure_of(int program)
{
	struct bpf_prog_info info = {};
	__u32 size = sizeof(info);

	check(!bpf_obj_get_info_by_fd(program, &info, &size), "statistics");
	return (struct figure){ info.run_time_ns, info.run_cnt };
}

/* A program that does nothing, run by all that is sent, or by each system call of a kernel that has no hook for that: how long it takes by the statistics is what those cost, which depends on the processor. */
static int attach_empty(void)
{
	const struct bpf_insn nothing[] = { { .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT } };
	int program = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "empty", "Dual BSD/GPL", nothing, sizeof(nothing) / sizeof(nothing[0]), NULL);

	check(program >= 0 && (bpf_raw_tracepoint_open("sock_send_length", program) >= 0 || bpf_raw_tracepoint_open("sys_exit", program) >= 0),
	      "an empty program");
	return program;
}

static void configure(struct bpf_object *object, const struct column *column)
{
	struct trace_config config = { .generation = 1,
				       .threshold = column->threshold,
				       .flags = column->flags,
				       .protocols = ~0U,
				       .roles = 1 << SP_ROLE_SERVER,
				       .search_bytes = 4096,
				       .capture_bytes = 0,
				       .rule_set = column->rules,
				       .server_error_from = 500,
				       .client_error_from = 400 };
	struct header_rules rules = { .count = 1, .rule[0] = { .action = SP_RULE_PRESENT, .name_len = 7, .name = "x-debug" } };
	__u32 set = 1;
	int fd = open(cgroup, O_RDONLY | O_DIRECTORY), map = bpf_object__find_map_fd_by_name(object, "sp_config");
	struct stat file;
	const void *key = &fd;

	check(fd >= 0 && !fstat(fd, &file), cgroup);
	check(!bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, "sp_rules"), &set, &rules, BPF_ANY), "rules");
	if (bpf_map__type(bpf_object__find_map_by_name(object, "sp_config")) == BPF_MAP_TYPE_HASH)
		key = &file.st_ino;
	if (column->selected)
		check(!bpf_map_update_elem(map, key, &config, BPF_ANY), "sp_config");
	close(fd);
}

static int ignore(void *context, void *record, size_t size)
{
	++*(long *)context;
	return 0;
}

int main(int argc, char **argv)
{
	int cycles = argc > 2 ? atoi(argv[2]) : 5000, fds[CONNECTIONS], listener = socket(AF_INET, SOCK_STREAM, 0), programs = 0, on = 1, empty;
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct bpf_program *program, *program_of[MAX_PROGRAMS];
	socklen_t size = sizeof(address);
	struct ring_buffer *ring;
	struct bpf_object *object;
	double unselected[MAX_PROGRAMS] = {}, best[MAX_PROGRAMS];
	prepare_cold();
	const struct talk *talk = talk_named(argc > 4 ? argv[4] : "http");
	long records = 0;

	check(argc > 1 && talk, "which object, or which talk?");
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	object = bpf_object__open(argv[1]);
	check(object && !bpf_object__load(object) && !fill_programs(object), "load");
	bpf_object__for_each_program (program, object)
		if (!strncmp(bpf_program__section_name(program), "tp_btf", 6) && strncmp(bpf_program__name(program), "sp_protocol_", 12)) {
			check(!!bpf_program__attach(program), "attach");
			program_of[programs++] = program;
		}
	empty = attach_empty();
	ring = ring_buffer__new(bpf_object__find_map_fd_by_name(object, "sp_ring"), ignore, &records, NULL);
	atexit(clean);
	make_cgroup();
	check(!bind(listener, (struct sockaddr *)&address, sizeof(address)) && !listen(listener, 64) &&
		      !getsockname(listener, (struct sockaddr *)&address, &size),
	      "listen");
	server = fork();
	if (!server) {
		cgroup[0] ? serve(listener, talk) : (void)0;
		_exit(0);
	}
	for (int i = 0; i < CONNECTIONS; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM, 0);
		check(!connect(fds[i], (struct sockaddr *)&address, sizeof(address)), "connect");
		setsockopt(fds[i], IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		if (talk->hello_length)
			check(send(fds[i], talk->hello, talk->hello_length, 0) == talk->hello_length, "send");
	}
	check(bpf_enable_stats(BPF_STATS_RUN_TIME) >= 0, "statistics");
	for (unsigned n = 0; n < sizeof(columns) / sizeof(columns[0]); n++) {
		struct figure before[MAX_PROGRAMS];
		double sum = 0;

		if (argc > 3 && atoi(argv[3]) >= 0 && n != atoi(argv[3]))
			continue;
		configure(object, &columns[n]);
		for (int i = 0; i < cycles / 10; i++)
			cycle(fds, talk);
		records = 0;
		for (int p = 0; p < programs; p++)
			best[p] = 0;
		for (int segment = 0; segment < SEGMENTS; segment++) {
			struct figure idle = figure_of(empty), idled;
			double cost;

			for (int p = 0; p < programs; p++)
				before[p] = figure_of(bpf_program__fd(program_of[p]));
			for (int i = 0; i < cycles / SEGMENTS; i++) {
				cycle(fds, talk);
				if (i % 32 == 0)
					ring_buffer__consume(ring);
			}
			idled = figure_of(empty);
			cost = (double)(idled.ns - idle.ns) / (idled.runs - idle.runs);
			for (int p = 0; p < programs; p++) {
				struct figure after = figure_of(bpf_program__fd(program_of[p]));
				double runs = after.runs - before[p].runs, ns = (after.ns - before[p].ns) - runs * cost,
				       requests = (double)(cycles / SEGMENTS) * CONNECTIONS;

				if (runs < requests)
					continue;
				/* The client's runs, one a request, are unselected ones. */
				ns = columns[n].selected ? (ns - unselected[p] * requests) / requests : ns / runs;
				if (!best[p] || ns < best[p])
					best[p] = ns;
			}
		}
		ring_buffer__consume(ring);
		printf("%-11s", columns[n].name);
		for (int p = 0; p < programs; p++) {
			if (!best[p])
				continue;
			if (!columns[n].selected)
				unselected[p] = best[p];
			sum += best[p];
			printf("  %s %6.0f ns", bpf_program__name(program_of[p]), best[p]);
		}
		printf("  sum %6.0f ns  records %ld\n", sum, records);
		fflush(stdout);
	}
	return 0;
}
