package dev.spandrel.agent.protocol;

/**
 * Kafka's requests, the records of its Produce requests and Fetch answers, and of its Metadata answers which topic has which id. Values of records are passed over;
 * of their headers {@code traceparent} is read.
 */
public final class Kafka implements MessagingProtocol {
    private static final int PRODUCE = 0;
    private static final int FETCH = 1;
    private static final int MANY = 100_000;

    private final MessagingRequest request = new MessagingRequest();
    private final KafkaCursor in = new KafkaCursor();
    private final KafkaRecords records = new KafkaRecords();
    private final Slice topic = new Slice();

    @Override
    public String system() {
        return "kafka";
    }

    @Override
    public Answer read(byte[] bytes, int from, int to, int answer) {
        request.start();
        in.set(bytes, from, answer > 0 ? Math.min(to, from + answer) : to);
        in.skip(4);
        int key = in.i16();
        int version = in.i16();
        in.skip(4);
        if (in.isShort()) {
            return Answer.NEED_MORE;
        }
        if (key < 0 || version < 0) {
            return Answer.INVALID;
        }
        request.operation(KafkaApi.operation(key), KafkaApi.type(key));
        in.flexible(false);
        in.string(request.client());
        in.flexible(version >= KafkaApi.flexibleFrom(key));
        in.tags();
        switch (key) {
            case PRODUCE -> produce(version);
            case FETCH -> fetch(version);
            case 2, 3, 8, 9, 28 -> topics(key, version);
            case 10 -> coordinator(version);
            case 11, 12, 13, 14, 68 -> in.string(request.group());
            default -> {}
        }
        if (key == FETCH && answer > 0) {
            in.set(bytes, from + answer, to);
            fetched(version);
        }
        return request;
    }

    private void produce(int version) {
        if (version >= 3) {
            in.string(topic);
        }
        in.skip(2 + 4);
        for (int i = request.topics(in.count()); i > 0 && !in.isShort(); i--) {
            destination(version >= 13);
            for (int j = request.partitions(in.count()); j > 0 && !in.isShort(); j--) {
                request.partition(in.i32());
                records();
                in.tags();
            }
            in.tags();
        }
        request.ends(in.isShort());
    }

    private void fetch(int version) {
        in.skip((version < 15 ? 4 : 0)
                + 4
                + 4
                + (version >= 3 ? 4 : 0)
                + (version >= 4 ? 1 : 0)
                + (version >= 7 ? 8 : 0));
        for (int i = request.topics(in.count()); i > 0 && !in.isShort(); i--) {
            destination(version >= 13);
            for (int j = request.partitions(in.count()); j > 0 && !in.isShort(); j--) {
                request.partition(in.i32());
                in.skip((version >= 9 ? 4 : 0) + 8 + (version >= 12 ? 4 : 0) + (version >= 5 ? 8 : 0) + 4);
                in.tags();
            }
            in.tags();
        }
        request.ends(in.isShort());
    }

    /** The answer's partitions say what came; a request within a session may name none. */
    private void fetched(int version) {
        in.skip(4 + 4).flexible(version >= 12);
        in.tags();
        in.skip((version >= 1 ? 4 : 0) + (version >= 7 ? 6 : 0));
        int topics = in.count();
        if (topics <= 0 || in.isShort()) {
            return;
        }
        request.again();
        for (int i = request.topics(topics); i > 0 && !in.isShort(); i--) {
            destination(version >= 13);
            for (int j = request.partitions(in.count()); j > 0 && !in.isShort(); j--) {
                request.partition(in.i32());
                in.skip(2 + 8 + (version >= 4 ? 8 : 0) + (version >= 5 ? 8 : 0));
                for (int k = version >= 4 ? in.count() : 0; k > 0 && !in.isShort(); k--) {
                    in.skip(16);
                    in.tags();
                }
                in.skip(version >= 11 ? 4 : 0);
                records();
                in.tags();
            }
            in.tags();
        }
        request.ends(in.isShort());
    }

    /** A topic's name or id, whichever the version has. */
    private void destination(boolean byId) {
        if (byId) {
            in.take(topic, MessagingRequest.ID_BYTES);
            request.destinationId(topic);
        } else {
            in.string(topic);
            request.destination(topic);
        }
    }

    private void records() {
        long length = in.flexible() ? in.uvarint() - 1 : in.i32();
        if (length > 0) {
            records.read(in.bytes(), in.at(), in.at() + (int) Math.min(length, in.left()), length, request);
            in.skip(length);
        }
    }

    /** Requests that begin with what they are about. */
    private void topics(int key, int version) {
        switch (key) {
            case 2 -> in.skip(4 + (version >= 2 ? 1 : 0));
            case 8 -> {
                in.string(request.group());
                in.skip(4).string(topic);
                if (version >= 7) in.string(topic);
                if (version >= 2 && version <= 4) in.skip(8);
            }
            case 9 -> {
                if (version > 7) return;
                in.string(request.group());
            }
            case 28 -> {
                in.string(topic);
                in.string(request.group());
                in.skip(8 + 2);
                if (version >= 3) {
                    in.skip(4).string(topic);
                    in.string(topic);
                }
            }
            default -> {}
        }
        int count = request.topics(in.count());
        if (count == 1) {
            if (key == 3 && version >= 10) {
                in.skip(MessagingRequest.ID_BYTES);
            }
            destination(key == 8 && version >= 10);
            if (key != 3) {
                request.partitions(in.count());
            }
        }
        request.ends(in.isShort());
    }

    private void coordinator(int version) {
        boolean ofGroup = version == 0;
        if (version < 4) {
            in.string(topic);
            ofGroup |= version > 0 && in.u8() == 0 && !in.isShort();
        } else {
            ofGroup = in.u8() == 0 && in.count() == 1;
            in.string(topic);
        }
        if (ofGroup) {
            request.group().set(topic.bytes(), topic.from(), topic.to());
        }
    }

    /** A Metadata answer, whose first byte the kernel made its version. */
    @Override
    public void learn(byte[] bytes, int from, int to, Topics topics) {
        in.set(bytes, from, to);
        int version = in.u8();
        in.skip(3 + 4).flexible(version >= 9);
        in.tags();
        in.skip(4);
        for (int i = in.count(); i > 0 && !in.isShort(); i--) {
            in.skip(4).string(topic);
            in.skip(4).string(topic);
            in.tags();
        }
        in.string(topic);
        in.skip(4);
        for (int i = in.count(); i > 0 && !in.isShort(); i--) {
            in.skip(2).string(topic);
            int id = in.at();
            in.skip(MessagingRequest.ID_BYTES + 1);
            if (!in.isShort() && !topic.isEmpty()) {
                topics.put(bytes, id, topic);
            }
            for (int j = in.count(); j > 0 && !in.isShort(); j--) {
                in.skip(2 + 4 + 4 + 4);
                for (int k = 0; k < 3; k++) {
                    int replicas = in.count();
                    in.skip(replicas > MANY ? -1 : Math.max(0, replicas) * 4L);
                }
                in.tags();
            }
            in.skip(4);
            in.tags();
        }
    }

    @Override
    public String operation(int method) {
        return KafkaApi.operation(method);
    }

    @Override
    public String type(int method) {
        return KafkaApi.type(method);
    }

    @Override
    public String error(int status) {
        return KafkaErrors.name((short) status);
    }
}
