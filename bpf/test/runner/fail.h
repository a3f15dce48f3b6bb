/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* How a run that does not pass ends. */
#pragma once

enum { EXIT_FAILED = 1, EXIT_UNSUPPORTED = 3 };

/* Says why on standard output and exits with the code; what was registered with atexit runs. */
__attribute__((format(printf, 2, 3), noreturn)) void fail(int code, const char *format, ...);
