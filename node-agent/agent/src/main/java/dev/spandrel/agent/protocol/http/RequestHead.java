package dev.spandrel.agent.protocol.http;

import dev.spandrel.agent.protocol.Slice;

/**
 * The request line and the header block of one request, or as much of it as was kept. A flyweight: {@link #wrap} moves it to another request.
 */
public final class RequestHead {
    private static final int MAX_LINES = 128;

    private final int[] lineStarts = new int[MAX_LINES + 1];
    private final Slice method = new Slice();
    private final Slice target = new Slice();
    private final Slice authority = new Slice();
    private final Slice path = new Slice();
    private final Slice query = new Slice();
    private byte[] bytes = new byte[0];
    private int lines;
    private boolean wholeTarget;

    public RequestHead wrap(byte[] source, int from, int length) {
        bytes = source;
        int end = from + length;
        int lineEnd = find('\n', from, end);
        wholeTarget = lineEnd >= 0;
        indexLines(wholeTarget ? lineEnd + 1 : end, end);
        int line = wholeTarget ? lineEnd : end;
        if (line > from && bytes[line - 1] == '\r') {
            line--;
        }
        int space = find(' ', from, line);
        method.set(bytes, from, space < 0 ? line : space);
        int start = space < 0 ? line : space + 1;
        int stop = find(' ', start, line);
        wholeTarget |= stop >= 0;
        target.set(bytes, start, stop < 0 ? line : stop);
        splitTarget();
        return this;
    }

    public Slice method() {
        return method;
    }

    /** As sent. */
    public Slice target() {
        return target;
    }

    /** Of an absolute-form or authority-form target, without credentials; else empty. */
    public Slice authority() {
        return authority;
    }

    /** Without query and fragment; empty for the asterisk and authority forms. */
    public Slice path() {
        return path;
    }

    /** Without the question mark. */
    public Slice query() {
        return query;
    }

    /** False where the head was cut inside its request target. */
    public boolean isTargetWhole() {
        return wholeTarget;
    }

    /** Sets the slice to the value of the first header of that lower-case name; empty if there is none, or if its line was cut. */
    public boolean header(String name, Slice value) {
        int length = name.length();
        for (int i = 0; i < lines; i++) {
            int line = lineStarts[i];
            int lineEnd = lineStarts[i + 1] - 1;
            if (lineEnd - line > length
                    && bytes[line + length] == ':'
                    && value.set(bytes, line, line + length).equalsLower(name)) {
                value.set(bytes, line + length + 1, lineEnd).trim();
                return true;
            }
        }
        value.clear();
        return false;
    }

    /** Where each whole header line starts, up to the empty one; found once, because several headers are looked for. */
    private void indexLines(int from, int end) {
        lines = 0;
        int line = from;
        while (lines < MAX_LINES) {
            lineStarts[lines] = line;
            int lineEnd = find('\n', line, end);
            if (lineEnd < 0 || lineEnd == line || (lineEnd == line + 1 && bytes[line] == '\r')) {
                return;
            }
            line = lineEnd + 1;
            lineStarts[++lines] = line;
        }
    }

    private void splitTarget() {
        authority.clear();
        path.clear();
        query.clear();
        int from = target.from();
        int to = target.to();
        if (from == to || (to - from == 1 && bytes[from] == '*')) {
            return;
        }
        if (bytes[from] != '/') {
            int scheme = schemeEnd(from, to);
            if (scheme < 0) {
                authority.set(bytes, from, to);
                dropCredentials();
                return;
            }
            int slash = authorityEnd(scheme, to);
            authority.set(bytes, scheme, slash);
            dropCredentials();
            from = slash;
        }
        int fragment = find('#', from, to);
        int stop = fragment < 0 ? to : fragment;
        int mark = find('?', from, stop);
        path.set(bytes, from, mark < 0 ? stop : mark);
        if (mark >= 0) {
            query.set(bytes, mark + 1, stop);
        }
    }

    private void dropCredentials() {
        for (int i = authority.to() - 1; i >= authority.from(); i--) {
            if (bytes[i] == '@') {
                authority.set(bytes, i + 1, authority.to());
                return;
            }
        }
    }

    private int schemeEnd(int from, int to) {
        int colon = find(':', from, to);
        boolean slashes = colon > from && colon + 2 < to && bytes[colon + 1] == '/' && bytes[colon + 2] == '/';
        return slashes ? colon + 3 : -1;
    }

    private int authorityEnd(int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '/' && bytes[i] != '?' && bytes[i] != '#') {
            i++;
        }
        return i;
    }

    private int find(char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }
}
