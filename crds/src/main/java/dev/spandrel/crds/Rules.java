package dev.spandrel.crds;

/**
 * The CEL expressions of the schema. The API server evaluates them; {@code dev.spandrel.policy} holds a Java twin of each under the
 * same text, for files that no API server checks. The messages stand beside their fields.
 */
public final class Rules {
    public static final String PERCENT_RANGE = "self >= 0.0 && self <= 100.0";
    /** With a tolerance for binary fractions; as text it would cost more than the API server allows. */
    public static final String PERCENT_DIGITS = "self < 0.0 || self > 100.0 || "
            + "(self * 10000.0 - double(int(self * 10000.0 + 0.5)) < 0.001 && self * 10000.0 - double(int(self * 10000.0 + 0.5)) > -0.001)";

    public static final String SPANS_PER_SECOND = "self >= 0 && self <= 1000000";
    public static final String CLIENT_ERRORS = "self == 400 || self == 500";
    public static final String SEARCH_BYTES = "self >= 256 && self <= 4096";
    public static final String PORT = "self >= 1 && self <= 65535";
    public static final String PORT_ORDER = "!has(self.endPort) || self.endPort >= self.port";
    public static final String NOT_EMPTY = "size(self) > 0";

    /** So few digits that no duration overflows. */
    private static final String IS_DURATION =
            "self.matches('^([0-9]{1,6}h)?([0-9]{1,7}m)?([0-9]{1,7}s)?([0-9]{1,7}ms)?$')";

    public static final String DURATION = "size(self) > 0 && " + IS_DURATION;
    private static final String NO_DURATION = "size(self) == 0 || !" + IS_DURATION + " || ";
    public static final String DURATION_LIMIT = NO_DURATION + "duration(self) <= duration('1h')";
    public static final String EXPIRY_LIMIT =
            NO_DURATION + "(duration(self) >= duration('1s') && duration(self) <= duration('720h'))";

    public static final String HEADER_NAME = "self.matches('^[!#$%&*+.^_`|~0-9A-Za-z\\'-]+$')";
    public static final String HEADER_NAMES = "self.all(name, name.matches('^[!#$%&*+.^_`|~0-9A-Za-z\\'-]+$'))";
    public static final String NO_SECRETS = "self.all(name, !(name.lowerAscii() in "
            + "['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key']))";
    public static final String VALUE_BYTES = "size(bytes(self)) <= 80";
    public static final String VALUE_TEXT =
            "self.matches('^([^\\\\x00-\\\\x20\\\\x7f]([^\\\\x00-\\\\x1f\\\\x7f]*[^\\\\x00-\\\\x20\\\\x7f])?)?$')";

    public static final String SELECTOR_VALUES =
            "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)";

    public static final String PROGRAM_OR_OBJECT = "has(self.program) != has(self.object)";
    public static final String PROBE_NAME = "self.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$')";
    public static final String CPU_SHARE =
            "self.matches('^(100(\\\\.0+)?|[0-9]{1,2}(\\\\.[0-9]{1,3})?)%$') && self.matches('[1-9]')";
    public static final String MEMORY = "self.matches('^[1-9][0-9]{0,6}(Ki|Mi|Gi)$')";
    public static final String EVENTS_PER_SECOND = "self >= 1 && self <= 100000";
    public static final String METRIC_NAME = "self.matches('^[A-Za-z][A-Za-z0-9_./-]*$')";

    /** Of a spec: what the kernel could only know of a request that it reads. A digit other than zero makes a duration more than none. */
    public static final String CHANCE_ALONE =
            "!(has(self.sampling) && has(self.sampling.decideBy) && self.sampling.decideBy == 'Chance') || !("
                    + "(has(self.metrics) && has(self.metrics.enabled) && self.metrics.enabled) || "
                    + "(has(self.sampling.honorParent) && self.sampling.honorParent) || "
                    + "(has(self.sampling.keep) && has(self.sampling.keep.errors) && self.sampling.keep.errors) || "
                    + "(has(self.sampling.keep) && has(self.sampling.keep.slowerThan) && self.sampling.keep.slowerThan.matches('[1-9]')) || "
                    + "(has(self.spans) && has(self.spans.create) && self.spans.create == 'HeaderPresent') || "
                    + "(has(self.spans) && has(self.spans.match) && size(self.spans.match) > 0))";

    private Rules() {}
}
