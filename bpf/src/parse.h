/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Everything that reads bytes of a head. Pure: also compiled natively, for tests and fuzzing. */
#pragma once

#include "scan.h"
#include "value.h"
#include "rule.h"
#include "startline.h"
