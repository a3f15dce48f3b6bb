package dev.spandrel.agent.protocol;

import java.util.Arrays;

/** Methods of AMQP 0-9-1 as RabbitMQ speaks it, and the headers of messages: exchanges, keys and queues; other headers and bodies are passed over. */
public final class Amqp implements MessagingProtocol {
    private static final int METHOD = 1;
    private static final int CONTENT = 2;
    private static final int CONTENT_TYPE = 1 << 15;
    private static final int CONTENT_ENCODING = 1 << 14;
    private static final int HEADERS = 1 << 13;
    private static final String TRACEPARENT = "traceparent";
    private static final String OTHER = "_OTHER";

    /** By tens of the class and of the method. */
    private static final String[] OPERATIONS = operations("""
            14 connection.open
            15 connection.close
            21 channel.open
            22 channel.flow
            24 channel.close
            41 exchange.declare
            42 exchange.delete
            43 exchange.bind
            44 exchange.unbind
            51 queue.declare
            52 queue.bind
            53 queue.purge
            54 queue.delete
            55 queue.unbind
            61 qos
            62 consume
            63 cancel
            64 publish
            65 return
            66 deliver
            67 get
            68 ack
            69 reject
            6b recover
            6c nack
            81 confirm.select
            91 tx.select
            92 tx.commit
            93 tx.rollback
            """);

    private static final String[] GENERATED = {"amq.gen", "amq.rabbitmq.reply-to", "amq_"};

    private final MessagingRequest request = new MessagingRequest();
    private final Cursor in = new Cursor();
    private final Cursor table = new Cursor();
    private final Slice exchange = new Slice();
    private final Slice key = new Slice();
    private final Slice name = new Slice();
    private final Text joined = new Text();

    @Override
    public String system() {
        return "rabbitmq";
    }

    /** {@code content}: where the frame of the message's header begins, or 0. */
    @Override
    public Answer read(byte[] bytes, int from, int to, int content) {
        request.start();
        in.set(bytes, from, to);
        int type = in.u8();
        in.skip(2 + 4);
        int operation = in.i16() / 10 << 4 | in.i16() / 10;
        if (in.isShort()) {
            return Answer.NEED_MORE;
        }
        if (type != METHOD || operation(operation).equals(OTHER)) {
            return Answer.INVALID;
        }
        switch (operation) {
            case 0x41, 0x42, 0x51, 0x52, 0x53, 0x54, 0x55, 0x62, 0x67 -> {
                in.skip(2);
                about(text(name));
            }
            case 0x64 -> {
                in.skip(2);
                message();
            }
            case 0x65 -> {
                in.skip(2);
                text(name);
                message();
            }
            case 0x66 -> {
                text(name);
                in.skip(8 + 1);
                message();
            }
            default -> {}
        }
        if (content > 0 && content < to - from) {
            in.set(bytes, from + content, to);
            content();
        }
        return request;
    }

    /** The conventions' name: the exchange, a colon and the routing key, or whichever there is. */
    private void message() {
        text(exchange);
        text(key);
        if (in.isShort()) {
            return;
        }
        joined.start().text(exchange);
        if (!exchange.isEmpty() && !key.isEmpty()) {
            joined.append((byte) ':');
        }
        about(joined.text(key).into(name));
    }

    /** Queues that the broker named are called by what their names begin with. */
    private void about(Slice destination) {
        if (in.isShort() || destination.isEmpty()) {
            return;
        }
        for (String generated : GENERATED) {
            int end = Math.min(destination.to(), destination.from() + generated.length());
            if (key.set(destination.bytes(), destination.from(), end).equalsLower(generated)) {
                request.temporary();
                request.filter(key);
                return;
            }
        }
        request.filter(destination);
    }

    /** Class, weight, size, and which properties there are. */
    private void content() {
        int type = in.u8();
        in.skip(2 + 4 + 2 + 2);
        long size = (long) in.i32() << Integer.SIZE | in.i32() & 0xffffffffL;
        int properties = in.i16();
        if (in.isShort() || type != CONTENT) {
            return;
        }
        request.size(size);
        if ((properties & CONTENT_TYPE) != 0) text(name);
        if ((properties & CONTENT_ENCODING) != 0) text(name);
        if ((properties & HEADERS) != 0) headers();
    }

    private void headers() {
        long length = in.i32() & 0xffffffffL;
        table.set(in.bytes(), in.at(), in.at() + (int) Math.min(length, in.left()));
        while (table.left() > 0 && !table.isShort()) {
            table.take(name, table.u8());
            boolean wanted = name.equalsLower(TRACEPARENT);
            int type = table.u8();
            if (type == 'S' && wanted) {
                table.take(name, table.i32() & 0xffffffffL);
                request.link(name);
            } else {
                value(type);
            }
        }
    }

    /** Passes over a field of a table, as RabbitMQ types them. */
    private void value(int type) {
        switch (type) {
            case 'V' -> {}
            case 't', 'b', 'B' -> table.skip(1);
            case 's', 'u' -> table.skip(2);
            case 'I', 'i', 'f' -> table.skip(4);
            case 'D' -> table.skip(5);
            case 'l', 'L', 'd', 'T' -> table.skip(8);
            case 'S', 'x', 'A', 'F' -> table.skip(table.i32() & 0xffffffffL);
            default -> table.skip(-1);
        }
    }

    private Slice text(Slice into) {
        in.take(into, in.u8());
        return into;
    }

    @Override
    public String operation(int method) {
        return method >= 0 && method < OPERATIONS.length ? OPERATIONS[method] : OTHER;
    }

    private static String[] operations(String table) {
        String[] names = new String[256];
        Arrays.fill(names, OTHER);
        table.lines().forEach(line -> names[Integer.parseInt(line.substring(0, 2), 16)] = line.substring(3));
        return names;
    }

    @Override
    public String type(int method) {
        return switch (method) {
            case 0x64 -> "send";
            case 0x66, 0x67 -> "receive";
            case 0x68, 0x69, 0x6c -> "settle";
            default -> "";
        };
    }

    /** Reply codes, as the specification names them. */
    @Override
    public String error(int status) {
        return switch (status) {
            case 200 -> "REPLY_SUCCESS";
            case 311 -> "CONTENT_TOO_LARGE";
            case 312 -> "NO_ROUTE";
            case 313 -> "NO_CONSUMERS";
            case 320 -> "CONNECTION_FORCED";
            case 402 -> "INVALID_PATH";
            case 403 -> "ACCESS_REFUSED";
            case 404 -> "NOT_FOUND";
            case 405 -> "RESOURCE_LOCKED";
            case 406 -> "PRECONDITION_FAILED";
            case 501 -> "FRAME_ERROR";
            case 502 -> "SYNTAX_ERROR";
            case 503 -> "COMMAND_INVALID";
            case 504 -> "CHANNEL_ERROR";
            case 505 -> "UNEXPECTED_FRAME";
            case 506 -> "RESOURCE_ERROR";
            case 530 -> "NOT_ALLOWED";
            case 540 -> "NOT_IMPLEMENTED";
            case 541 -> "INTERNAL_ERROR";
            default -> "_OTHER";
        };
    }
}
