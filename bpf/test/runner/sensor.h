/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* An object in the kernel: loaded, attached, configured. Every function fails the run if the kernel says no. */
#pragma once
#include <bpf/libbpf.h>

/* Whether the object is a data path of its own. The others are loaded beside one, and attached by its user. */
int is_whole(struct bpf_object *object);

/* Opens and loads all that the object has; a data path is attached. */
struct bpf_object *start_sensor(const char *path);

/* Both roles of HTTP in this cgroup and what is made below it later, every request kept. */
void configure(struct bpf_object *object, const char *cgroup);

struct ring_buffer *open_ring(struct bpf_object *object, ring_buffer_sample_fn on_record, void *context);

/* Lets go of every exchange whose end only silence tells. */
void flush(struct bpf_object *object);
