package dev.spandrel.ebpf.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What entries with one code have. */
record Abbreviation(int tag, boolean children, List<Field> fields) {
    /** @param constant the value itself, of {@link Form#IMPLICIT_CONST} */
    record Field(int attribute, int form, long constant) {}

    static Map<Long, Abbreviation> table(Cursor from) {
        var table = new HashMap<Long, Abbreviation>();
        for (long code = from.unsigned(); code != 0; code = from.unsigned()) {
            int tag = (int) from.unsigned();
            boolean children = from.byte1() != 0;
            var fields = new ArrayList<Field>();
            while (true) {
                int attribute = (int) from.unsigned();
                int form = (int) from.unsigned();
                long constant = form == Form.IMPLICIT_CONST ? from.signed() : 0;
                if (attribute == 0 && form == 0) break;
                fields.add(new Field(attribute, form, constant));
            }
            table.put(code, new Abbreviation(tag, children, List.copyOf(fields)));
        }
        return table;
    }
}
