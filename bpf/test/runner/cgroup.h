/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* cgroups of the run's own, below the v2 mount; removed when the process exits. */
#pragma once

/* Makes NAME-PID below the mount; returns its path. */
const char *make_outer_cgroup(const char *name);

/* Makes a cgroup in the outer one; returns its path. */
const char *make_inner_cgroup(void);

/* When nobody is in it any more. */
void remove_inner_cgroup(void);

/* Moves the calling process into a cgroup. Returns 0, or -1 with errno. */
int join_cgroup(const char *cgroup);
