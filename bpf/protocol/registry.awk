# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# The contract's registry of protocols as C. Input: protocol.proto. -v want=names: for the sensor and its readers; want=files: each protocol that has a file here.
match($0, /^ +PROTOCOL_[A-Z0-9_]+ = [0-9]+;/) {
	name = substr($1, 10)
	number = $3 + 0
	if (!number || name == "ALL")
		next
	file = "protocol/" tolower(name) ".h"
	has_file = framed = carried = 0
	while ((getline line < file) > 0) {
		has_file = 1
		if (index(line, "sp_" tolower(name) "_frame(") && line ~ /^__noinline/)
			framed = 1
		if (line ~ /^#include "over_http.h"/)
			carried = 1
		if (line ~ /^#include "numbered.h"/)
			numbered = numbered " | 1U << " number
		if (line ~ /^#include "line.h"/)
			lines = lines " | 1U << " number
	}
	if (want == "files" && has_file)
		print "#include \"" file "\""
	names = names ", SP_PROTOCOL_" name " = " number
	if (carried)
		over = over " | 1U << " number
	else if (has_file)
		files = files " X(" name ", " tolower(name) ")"
	if (framed)
		frames = frames " X(" name ", " tolower(name) ")"
}

END {
	if (want == "names") {
		print "#pragma once"
		print "enum sp_protocol { SP_PROTOCOL_NONE = 0" names " };"
		print "/* X(name, file) of each that is told by the first bytes of a connection. */"
		print "#define SP_EACH_PROTOCOL(X)" files
		print "/* X(name, file) of those of frames, which one program walks. */"
		print "#define SP_EACH_FRAMED(X)" frames
		print "/* Bits of those whose answers name their request by a number. */"
		print "#define SP_NUMBERED_PROTOCOLS (0U" numbered ")"
		print "/* Bits of those that HTTP carries. */"
		print "#define SP_OVER_HTTP (0U" over ")"
		print "/* Bits of those of lines, which begin with a word. */"
		print "#define SP_LINE_PROTOCOLS (0U" lines ")"
	}
}
