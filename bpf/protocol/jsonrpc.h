/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* JSON-RPC 2.0, whose messages say in their member "jsonrpc" that they are: json.h looks for that. */
#pragma once

#include "over_http.h"
