package dev.spandrel.agent.protocol;

/** What is asked of a broker. Each part may be empty. Mutable on purpose: one per reader. */
public final class MessagingRequest implements Answer.Message {
    public static final int ID_BYTES = 16;
    /** Creation contexts of messages that are kept of one request. */
    private static final int LINKS = 32;

    private final Slice client = new Slice();
    private final Slice destination = new Slice();
    private final Slice destinationId = new Slice();
    private final Slice group = new Slice();
    private final TraceLinks links = new TraceLinks(LINKS);
    private String operation = "";
    private String type = "";
    private int topics;
    private int partitions;
    private int partition;
    private long messages;
    private long size;
    private boolean single;
    private boolean temporary;
    private boolean whole;
    private boolean counted;

    MessagingRequest start() {
        client.clear();
        group.clear();
        operation = "";
        type = "";
        again();
        return this;
    }

    /** Forgets what it is about. */
    void again() {
        destination.clear();
        destinationId.clear();
        links.clear();
        topics = 0;
        partitions = 0;
        partition = -1;
        messages = 0;
        size = -1;
        single = false;
        temporary = false;
        whole = false;
        counted = true;
    }

    void operation(String name, String kind) {
        operation = name;
        type = kind;
    }

    /** Value of {@code messaging.operation.name}. */
    public String operation() {
        return operation;
    }

    /** Value of {@code messaging.operation.type}; empty: none of the conventions' types. */
    public String type() {
        return type;
    }

    public Slice client() {
        return client;
    }

    public Slice group() {
        return group;
    }

    /** The name of the topic that all of it is about, if it is one and named. */
    public Slice destination() {
        return topics == 1 ? destination : destination.clear();
    }

    /** The same, where the topic is named by its id. */
    public Slice destinationId() {
        return topics == 1 ? destinationId : destinationId.clear();
    }

    /** Topics that it names; 0: none, or one, as always with this system. */
    public int topics() {
        return single ? 0 : topics;
    }

    /** Partitions that it names; 0: not known, for not all of it is here. */
    public int partitions() {
        return whole ? partitions : 0;
    }

    /** The one partition that it is about, or -1. */
    public int partition() {
        return topics == 1 && partitions == 1 ? partition : -1;
    }

    /** Messages in it; 0: none, or not known. */
    public long messages() {
        return whole || counted && topics == 1 && partitions == 1 ? messages : 0;
    }

    /** Bytes of the one message's body, or -1. */
    public long size() {
        return size;
    }

    /** Whether the destination is one that somebody made for himself; it then has a name for all such. */
    public boolean isTemporary() {
        return temporary;
    }

    public TraceLinks links() {
        return links;
    }

    void destination(Slice name) {
        if (destination.isEmpty()) {
            destination.set(name.bytes(), name.from(), name.to());
        }
    }

    /** It is one message for this, of so many bytes, or -1. */
    void message(Slice name, long bytes) {
        size(bytes);
        filter(name);
    }

    void size(long bytes) {
        size = bytes;
    }

    /** It is about this. */
    void filter(Slice name) {
        topics = 1;
        single = true;
        destination(name);
    }

    void temporary() {
        temporary = true;
    }

    void destinationId(Slice id) {
        if (destinationId.isEmpty()) {
            destinationId.set(id.bytes(), id.from(), id.to());
        }
    }

    int topics(int count) {
        topics = Math.max(0, count);
        return topics;
    }

    int partitions(int count) {
        int here = Math.max(0, count);
        partitions += here;
        return here;
    }

    void partition(int number) {
        partition = number;
    }

    void messages(int count) {
        messages += count;
    }

    void messagesUnknown() {
        counted = false;
    }

    void link(Slice traceparent) {
        links.add(traceparent);
    }

    void ends(boolean cut) {
        whole = !cut;
    }
}
