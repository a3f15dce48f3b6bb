/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What differs between kernels, one entry each, told by what the running kernel has and never by its version. Which backend is loaded is the agent's choice
 * (program.Backend), by the same kind of test. What differs between processors is in arch.h.
 */
#pragma once

/* Local storage of cgroups came with Linux 6.2 (c4bcfb38a95e "bpf: Implement cgroup storage available to non-cgroup-attached bpf progs"); not in the user headers of every distribution. */
#define SP_MAP_CGRP_STORAGE 32

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct kernfs_node___before_6_15 {
	struct kernfs_node *parent;
};
#pragma clang attribute pop

/* kernfs_node.parent was renamed in Linux 6.15 (633488947ef6 "kernfs: Use RCU to access kernfs_node::parent"). */
static __always_inline __u64 parent_id(struct cgroup *made)
{
	struct kernfs_node *node = BPF_CORE_READ(made, kn);
	struct kernfs_node___before_6_15 *older = (void *)node;

	if (bpf_core_field_exists(node->__parent))
		return BPF_CORE_READ(node, __parent, id);
	return BPF_CORE_READ(older, parent, id);
}

/* Functions of the kernel that the socklen backend needs and the other does without: since Linux 6.2 (a35b9af4ec2c, fda01efc6160). Weak: where they are missing, their callers are not loaded. */
extern void *bpf_rdonly_cast(const void *pointer, __u32 btf_id) __ksym __weak;
extern struct cgroup *bpf_cgroup_ancestor(struct cgroup *cgroup, int level) __ksym __weak;
extern void bpf_cgroup_release(struct cgroup *cgroup) __ksym __weak;

/*
 * The same pointer, for looking around: what is found behind it may be read and handed to nobody. Costs nothing when it runs, and spares the verifier four searches through
 * all types of the kernel at each step from a pointer that it trusts, which take it longer than a thousand instructions.
 */
#define SP_UNTRUSTED(type, pointer) ((struct type *)bpf_rdonly_cast(pointer, bpf_core_type_id_kernel(struct type)))

/*
 * Since Linux 6.13 a tracing program's frames of 64 bytes and more lie in memory of the processor (a76ab5731e32 "bpf: Find eligible subprogs for private stack"), as the kernel runs no
 * program twice there. That holds for the program at a hook alone: what two hooks go on to, and what a uprobe runs, may be preempted by itself, and would find its variables
 * overwritten. A program that has a tail call stays on the thread's stack, so they have this one, which leads to nothing.
 */
#define SP_STAY_ON_STACK(ctx, programs) bpf_tail_call(ctx, programs, ~0U)

/* With cgroup storage, most cgroups have none at all: that is seen without a call. The field's name is the kernel's own affair. */
static __always_inline int has_no_storage(struct cgroup *cgroup)
{
	return bpf_core_field_exists(cgroup->bpf_cgrp_storage) && !SP_UNTRUSTED(cgroup, cgroup)->bpf_cgrp_storage;
}
