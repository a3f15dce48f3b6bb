/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The ranges of user memory that a transfer is made of. */
#pragma once

/* The next segment of a vector. 0 if there is none. */
static __always_inline int next_segment(struct scratch *s)
{
	struct iovec_user segment;

	if (!s->io.total || s->io.kind != SP_BUFFER_VECTOR || !s->io.segments)
		return 0;
	if (bpf_probe_read_user(&segment, sizeof(segment), (void *)s->io.vector)) {
		count(SP_LOST_READ_FAULT);
		return 0;
	}
	s->io.vector += sizeof(segment);
	s->io.segments--;
	s->io.at = segment.base;
	s->io.left = segment.length < s->io.total ? segment.length : s->io.total;
	return 1;
}
