/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From a file descriptor of the running process to its socket. */
#pragma once

/* Not inlined, like the next: a frame of its own that is gone when the deep calls come. */
static __noinline struct sock *sock_of(struct task_struct *task, __u32 fd)
{
	struct file **files, *file;
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct socket *socket;

	if (!table || fd >= BPF_CORE_READ(table, max_fds))
		return 0;
	files = BPF_CORE_READ(table, fd);
	if (bpf_probe_read_kernel(&file, sizeof(file), &files[fd]) || !file)
		return 0;
	if ((BPF_CORE_READ(file, f_inode, i_mode) & S_IFMT) != S_IFSOCK)
		return 0;
	socket = BPF_CORE_READ(file, private_data);
	return socket ? BPF_CORE_READ(socket, sk) : 0;
}
