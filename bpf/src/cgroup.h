/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A new cgroup is configured like its parent before anything runs in it; the agent is told. */
#pragma once

static __always_inline void tell_cgroup(__u64 id, __u64 parent, const char *path, __u32 removed)
{
	struct cgroup_event *event = bpf_ringbuf_reserve(&sp_ring, sizeof(*event), 0);

	if (!event) {
		count(SP_LOST_RING_FULL);
		return;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->header.type = SP_EVENT_CGROUP;
	event->header.version = 1;
	event->header.size = sizeof(*event);
	event->header.ktime_ns = bpf_ktime_get_ns();
	event->cgroup_id = id;
	event->parent_id = parent;
	event->removed = removed;
	bpf_probe_read_kernel_str(event->path, sizeof(event->path), path);
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
}
