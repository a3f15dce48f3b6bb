/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Elasticsearch, which says in the head of each answer what it is since 7.14: over_http.h looks for that, and opensearch.h knows the paths. */
#pragma once

#include "over_http.h"
