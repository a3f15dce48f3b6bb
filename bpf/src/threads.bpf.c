// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What threads and goroutines answer, for who asks before and after the data path is loaded: its objects share these maps, and probes hold on to them. */
#include "kernel.h"
#include "conn.h"
#include "../maps/tasks.h"
#include "../maps/goroutines.h"

char _license[] SEC("license") = "Dual BSD/GPL";
