// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "fail.h"

void fail(int code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	printf("runner: %s: ", code == EXIT_UNSUPPORTED ? "unsupported" : "failed");
	vprintf(format, arguments);
	printf("\n");
	va_end(arguments);
	exit(code);
}
