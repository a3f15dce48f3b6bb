// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cgroup.h"
#include "fail.h"

static char mount_point[256], outer[512], inner[560];

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

static void remove_cgroups(void)
{
	if (inner[0])
		rmdir(inner);
	rmdir(outer);
}

const char *make_outer_cgroup(const char *name)
{
	find_mount();
	snprintf(outer, sizeof(outer), "%s/%s-%d", mount_point, name, getpid());
	if (mkdir(outer, 0755))
		fail(EXIT_FAILED, "%s: %s", outer, strerror(errno));
	atexit(remove_cgroups);
	return outer;
}

const char *make_inner_cgroup(void)
{
	snprintf(inner, sizeof(inner), "%s/inner", outer);
	if (mkdir(inner, 0755))
		fail(EXIT_FAILED, "%s: %s", inner, strerror(errno));
	return inner;
}

void remove_inner_cgroup(void)
{
	rmdir(inner);
}

int join_cgroup(const char *cgroup)
{
	char path[600], text[16];
	int fd, length, written;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	length = snprintf(text, sizeof(text), "%d", getpid());
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return -1;
	written = write(fd, text, length);
	close(fd);
	return written == length ? 0 : -1;
}
