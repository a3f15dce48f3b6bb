package dev.spandrel.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** Exit codes, for scripts. */
enum Exit {
    FINE("all is as it should be"),
    NOT_FINE("the kernel differs from the policies, a policy is not everywhere, or a node is not connected"),
    USAGE("the command line is wrong"),
    NO_OPERATOR("no operator answers"),
    NO_POD("there is no such pod, or it is on no node"),
    UNKNOWN("the node could not be asked"),
    REFUSED("you may not see this");

    private final String meaning;

    Exit(String meaning) {
        this.meaning = meaning;
    }

    int code() {
        return ordinal();
    }

    /** By code. */
    static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        for (Exit exit : values()) {
            meanings.put(Integer.toString(exit.code()), exit.meaning);
        }
        return meanings;
    }
}
