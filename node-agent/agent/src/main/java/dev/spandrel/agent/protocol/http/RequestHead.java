package dev.spandrel.agent.protocol.http;

/**
 * The request line and the header block of one request, or as much of it as was kept. A flyweight: {@link #wrap} moves it to another request.
 */
public final class RequestHead {
    private final Slice method = new Slice();
    private final Slice target = new Slice();
    private final Slice authority = new Slice();
    private final Slice path = new Slice();
    private final Slice query = new Slice();
    private byte[] bytes = new byte[0];
    private int headers;
    private int end;
    private boolean wholeTarget;
    private boolean complete;

    public RequestHead wrap(byte[] source, int from, int length) {
        bytes = source;
        end = from + length;
        int lineEnd = find('\n', from, end);
        wholeTarget = lineEnd >= 0;
        headers = wholeTarget ? lineEnd + 1 : end;
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
        complete = false;
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
        int line = headers;
        while (line < end) {
            int lineEnd = find('\n', line, end);
            if (lineEnd < 0) {
                break;
            }
            if (lineEnd - line <= 1 && (lineEnd == line || bytes[line] == '\r')) {
                complete = true;
                break;
            }
            if (lineEnd - line > name.length() && bytes[line + name.length()] == ':') {
                if (value.set(bytes, line, line + name.length()).equalsLower(name)) {
                    value.set(bytes, line + name.length() + 1, lineEnd).trim();
                    return true;
                }
            }
            line = lineEnd + 1;
        }
        value.clear();
        return false;
    }

    /** Whether a search that found nothing reached the end of the header block. */
    public boolean reachedEnd() {
        return complete;
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
