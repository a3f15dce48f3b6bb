package dev.spandrel.agent.protocol;

/** Packets of MQTT: topics and, in version 5, what their properties carry; payloads, names and passwords are passed over. */
public final class Mqtt implements MessagingProtocol {
    private static final int CONNECT = 1;
    private static final int PUBLISH = 3;
    private static final int SUBSCRIBE = 8;
    private static final int UNSUBSCRIBE = 10;
    private static final int FIVE = 5;
    private static final int USER_PROPERTY = 0x26;
    private static final String TRACEPARENT = "traceparent";

    /** {@code enum sp_mqtt_operation}: names by the conventions, and types. */
    private static final String[] OPERATIONS = {"_OTHER", "publish", "deliver", "subscribe", "unsubscribe", "connect"};

    private static final String[] TYPES = {"", "send", "receive", "", "", ""};

    private final MessagingRequest request = new MessagingRequest();
    private final Cursor in = new Cursor();
    private final Cursor properties = new Cursor();
    private final Slice topic = new Slice();
    private final Slice name = new Slice();
    private final Slice value = new Slice();

    @Override
    public String system() {
        return "mqtt";
    }

    /** {@code version}: of the protocol, as the client has said; 0: nobody knows, so what only one of them has is not read. */
    @Override
    public Answer read(byte[] bytes, int from, int to, int version) {
        request.start();
        in.set(bytes, from, to);
        int first = in.u8();
        long length = in.uvarint();
        if (in.isShort()) {
            return Answer.NEED_MORE;
        }
        int body = in.at();
        switch (first >> 4) {
            case PUBLISH -> publish(first, version, body + length);
            case CONNECT -> connect();
            case SUBSCRIBE, UNSUBSCRIBE -> subscribe(version, body + length);
            default -> {
                return Answer.INVALID;
            }
        }
        return request;
    }

    private void publish(int first, int version, long end) {
        in.take(topic, in.i16() & 0xffff);
        if (in.isShort()) {
            return;
        }
        boolean numbered = (first & 6) != 0;
        in.skip(numbered ? 2 : 0);
        if (version == FIVE) {
            properties();
        }
        request.message(topic, version > 0 && !in.isShort() && end >= in.at() ? end - in.at() : -1);
    }

    /** Behind the name of the protocol, its version, flags and how long the client may be silent. */
    private void connect() {
        in.skip(in.i16() & 0xffff);
        int version = in.u8();
        in.skip(1 + 2);
        if (version == FIVE) {
            properties();
        }
        in.take(topic, in.i16() & 0xffff);
        if (!in.isShort()) {
            request.client().set(topic.bytes(), topic.from(), topic.to());
        }
    }

    /** What is subscribed to, if it is one thing: a filter, and a byte that says how, which UNSUBSCRIBE has not. */
    private void subscribe(int version, long end) {
        in.skip(2);
        if (version == FIVE) {
            properties();
        }
        in.take(topic, in.i16() & 0xffff);
        if (version > 0 && !in.isShort() && end - in.at() <= 1) {
            request.filter(topic);
        }
    }

    private void properties() {
        long length = in.uvarint();
        int from = in.at();
        properties.set(in.bytes(), from, from + Math.clamp(length, 0, in.left()));
        in.skip(length);
        while (properties.left() > 0 && property()) {
            if (name.equalsLower(TRACEPARENT)) {
                request.link(value);
            }
        }
    }

    /** Reads one; false: nobody knows how long it is. */
    private boolean property() {
        name.clear();
        switch (properties.u8()) {
            case USER_PROPERTY -> {
                properties.take(name, properties.i16() & 0xffff);
                properties.take(value, properties.i16() & 0xffff);
            }
            case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a -> properties.skip(1);
            case 0x13, 0x21, 0x22, 0x23 -> properties.skip(2);
            case 0x02, 0x11, 0x18, 0x27 -> properties.skip(4);
            case 0x0b -> properties.uvarint();
            case 0x03, 0x08, 0x09, 0x12, 0x15, 0x16, 0x1a, 0x1c, 0x1f -> properties.skip(properties.i16() & 0xffff);
            default -> {
                return false;
            }
        }
        return !properties.isShort();
    }

    @Override
    public String operation(int method) {
        return OPERATIONS[method < OPERATIONS.length ? method : 0];
    }

    @Override
    public String type(int method) {
        return TYPES[method < TYPES.length ? method : 0];
    }

    /** Reason codes of version 5, and return codes of the earlier ones. */
    @Override
    public String error(int status) {
        return switch (status) {
            case 1, 0x84 -> "unsupported_protocol_version";
            case 2, 0x85 -> "client_identifier_not_valid";
            case 3, 0x88 -> "server_unavailable";
            case 4, 0x86 -> "bad_user_name_or_password";
            case 5, 0x87 -> "not_authorized";
            case 0x80 -> "unspecified_error";
            case 0x81 -> "malformed_packet";
            case 0x82 -> "protocol_error";
            case 0x83 -> "implementation_specific_error";
            case 0x89 -> "server_busy";
            case 0x8a -> "banned";
            case 0x8f -> "topic_filter_invalid";
            case 0x90 -> "topic_name_invalid";
            case 0x91 -> "packet_identifier_in_use";
            case 0x92 -> "packet_identifier_not_found";
            case 0x95 -> "packet_too_large";
            case 0x97 -> "quota_exceeded";
            case 0x99 -> "payload_format_invalid";
            case 0x9e -> "shared_subscriptions_not_supported";
            case 0xa1 -> "subscription_identifiers_not_supported";
            case 0xa2 -> "wildcard_subscriptions_not_supported";
            default -> "_OTHER";
        };
    }
}
