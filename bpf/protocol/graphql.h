/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* GraphQL, which may be the member "query" of a request's body, or the parameter of its target: json.h looks for that. What only looks like it is told apart by who reads the record. */
#pragma once

#include "over_http.h"
