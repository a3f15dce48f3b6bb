/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The configuration of the running thread's cgroup. */
#pragma once

#ifdef SP_BACKEND_SOCKLEN
static __always_inline struct trace_config *config_of(struct cgroup *cgroup)
{
	if (has_no_storage(cgroup))
		return 0;
	return bpf_cgrp_storage_get(&sp_config, cgroup, 0, 0);
}

static __always_inline struct trace_config *config_at_hand(void)
{
	return config_of(bpf_get_current_task_btf()->cgroups->dfl_cgrp);
}
#else
static __always_inline struct trace_config *config_at_hand(void)
{
	__u64 cgroup_id = bpf_get_current_cgroup_id();

	return bpf_map_lookup_elem(&sp_config, &cgroup_id);
}
#endif
