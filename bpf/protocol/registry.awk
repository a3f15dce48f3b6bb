# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The contract's registry of protocols as C. Input: protocol.proto. -v want=names: for the sensor and its readers; want=files: each protocol that has a file here.
match($0, /^ +PROTOCOL_[A-Z0-9_]+ = [0-9]+;/) {
	name = substr($1, 10)
	number = $3 + 0
	if (!number || name == "ALL")
		next
	file = "protocol/" tolower(name) ".h"
	has_file = 0
	while ((getline line < file) > 0) {
		has_file = 1
		if (line ~ /^SP_NUMBERED_PROGRAM\(/)
			numbered = numbered " | 1U << " number
		if (line ~ /^#include "line.h"/)
			lines = lines " | 1U << " number
	}
	if (want == "files" && has_file)
		print "#include \"" file "\""
	names = names ", SP_PROTOCOL_" name " = " number
	if (has_file)
		frames = frames " X(" name ", " tolower(name) ")"
}

END {
	if (want == "names") {
		print "#pragma once"
		print "enum sp_protocol { SP_PROTOCOL_NONE = 0" names " };"
		print "/* X(name, file) of each that has a program of its own. */"
		print "#define SP_EACH_PROTOCOL(X)" frames
		print "/* Bits of those whose answers name their request by a number. */"
		print "#define SP_NUMBERED_PROTOCOLS (0U" numbered ")"
		print "/* Bits of those of lines, which begin with a word. */"
		print "#define SP_LINE_PROTOCOLS (0U" lines ")"
	}
}
