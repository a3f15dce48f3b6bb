package dev.spandrel.agent.protocol;

/** MongoDB's commands: OP_MSG, and OP_QUERY as old drivers say hello by. Of the documents only names are read: of the command, its collection and its database. */
public final class Mongodb implements DatabaseProtocol {
    private static final int HEADER = 16;
    private static final int MSG = 2013;
    private static final int COMPRESSED = 2012;
    private static final int QUERY = 2004;
    /** Longer names are none of a command. */
    private static final int COMMAND_MOST = 40;

    /** Commands whose first element names a collection. Of others it may be anything. */
    private static final Words OF_COLLECTIONS =
            new Words(("find insert update delete aggregate count distinct findandmodify create"
                            + " drop createindexes dropindexes listindexes collstats collmod mapreduce validate compact reindex")
                    .split(" "));

    private static final String[] COMMANDS =
            "other find insert update delete aggregate getMore count distinct findAndModify hello isMaster ping"
                    .split(" ");

    private final DatabaseRequest request = new DatabaseRequest();
    private final Slice name = new Slice();

    private byte[] bytes = new byte[0];
    private int at;
    private int to;

    @Override
    public String system() {
        return "mongodb";
    }

    @Override
    public Answer read(byte[] source, int from, int end) {
        bytes = source;
        at = from;
        to = end;
        request.start();
        if (to - at < HEADER) {
            return Answer.NEED_MORE;
        }
        int code = little(at + 12);
        at += HEADER;
        switch (code) {
            case MSG -> message();
            case QUERY -> query();
            case COMPRESSED -> {}
            default -> {
                return Answer.INVALID;
            }
        }
        return request;
    }

    /** Flags, then sections: one document, or a sequence of documents with a name. */
    private void message() {
        at += 4;
        while (at + 5 <= to && request.operation().isEmpty()) {
            int kind = bytes[at++];
            if (kind == 0) {
                document();
            } else {
                skip(little(at));
            }
        }
    }

    private void query() {
        at += 4;
        text(name);
        at += 8;
        int dot = name.indexOf('.', 0);
        if (dot > 0) {
            request.namespace().set(bytes, name.from(), name.from() + dot);
        }
        document();
    }

    /** Its first element is the command, and mostly names the collection; the database comes last. */
    private void document() {
        at += 4;
        boolean first = true;
        while (at < to && bytes[at] != 0) {
            int type = bytes[at++];
            if (!text(name) || at >= to) {
                return;
            }
            if (first) {
                if (!isCommand(name)) {
                    return;
                }
                request.operation().set(bytes, name.from(), name.to());
            }
            if (type == 2) {
                boolean named = first
                        ? OF_COLLECTIONS.find(request.operation()) >= 0
                        : name.equalsLower("collection") && request.operation().equalsLower("getmore");
                if (named) {
                    string(request.collection());
                } else if (name.equalsLower("$db")) {
                    string(request.namespace());
                }
            }
            first = false;
            if (!value(type)) {
                return;
            }
        }
    }

    private boolean value(int type) {
        return switch (type) {
            case 1, 9, 17, 18 -> skip(8);
            case 2 -> at + 4 <= to && skip(4L + little(at));
            case 3, 4 -> at + 4 <= to && skip(little(at));
            case 5 -> at + 4 <= to && skip(5L + little(at));
            case 7 -> skip(12);
            case 8 -> skip(1);
            case 10 -> true;
            case 16 -> skip(4);
            case 19 -> skip(16);
            default -> false;
        };
    }

    /** The string at hand without its zero; nothing, if it is cut. */
    private void string(Slice into) {
        int length = at + 4 <= to ? little(at) : 0;
        if (length > 0 && length <= to - at - 4) {
            into.set(bytes, at + 4, at + 4 + length - 1);
        }
    }

    private boolean text(Slice into) {
        int from = at;
        while (at < to && bytes[at] != 0) {
            at++;
        }
        into.set(bytes, from, at);
        return at++ < to;
    }

    private boolean skip(long count) {
        if (count < 0 || count > to - at) {
            at = to;
            return false;
        }
        at += (int) count;
        return true;
    }

    private static boolean isCommand(Slice name) {
        if (name.isEmpty() || name.length() > COMMAND_MOST) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            int c = name.at(i);
            if (!(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_')) {
                return false;
            }
        }
        return true;
    }

    private int little(int index) {
        return index + 4 > to
                ? -1
                : bytes[index] & 0xff
                        | (bytes[index + 1] & 0xff) << 8
                        | (bytes[index + 2] & 0xff) << 16
                        | bytes[index + 3] << 24;
    }

    @Override
    public String operation(int method) {
        return method > 0 && method < COMMANDS.length ? COMMANDS[method] : "";
    }

    @Override
    public String error(int status) {
        return Integer.toString(status);
    }
}
