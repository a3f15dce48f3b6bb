package dev.spandrel.agent.stream;

import dev.spandrel.agent.protocol.GrpcStatus;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.http2.Field;
import dev.spandrel.agent.protocol.http2.FieldSink;

/** Collects what a header block of an answer, or its trailers, say. One for all: {@link #start} makes it anew. */
final class ResponseFields implements FieldSink {
    private int status;
    private int grpcStatus;
    private boolean grpc;
    private boolean elasticsearch;

    ResponseFields start() {
        status = 0;
        grpcStatus = 0;
        grpc = false;
        elasticsearch = false;
        return this;
    }

    @Override
    public void field(Field field) {
        if (field.is(":status")) {
            status = number(field.value());
        } else if (field.is("grpc-status")) {
            grpcStatus = GrpcStatus.of(field.value());
        } else if (field.is("content-type")) {
            grpc = GrpcStatus.isContentType(field.value());
        } else if (field.is("x-elastic-product")) {
            elasticsearch = true;
        }
    }

    /** 0: none, as in trailers, or unknown. */
    int status() {
        return status;
    }

    boolean isInformational() {
        return status >= 100 && status < 200;
    }

    int grpcStatus() {
        return grpcStatus;
    }

    /** What only gRPC says. */
    boolean isGrpc() {
        return grpc || grpcStatus != 0;
    }

    /** What Elasticsearch says of itself in each answer. */
    boolean isElasticsearch() {
        return elasticsearch;
    }

    private static int number(Slice value) {
        if (value.length() != 3) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < 3; i++) {
            int digit = value.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            number = number * 10 + digit;
        }
        return number;
    }
}
