package dev.spandrel.agent.stream;

import dev.spandrel.agent.event.ConfigBit;
import dev.spandrel.agent.event.Method;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.event.StreamRecord;
import dev.spandrel.agent.protocol.Grpc;
import dev.spandrel.agent.protocol.Http2;

/** One request on a stream and what came of it so far. Mutable on purpose: it lives as long as the stream. */
final class Exchange {
    /** Whether it is a call of gRPC, which its headers say unless they are not known. */
    enum Kind {
        UNKNOWN,
        HTTP,
        GRPC
    }

    /** The record that began it: process, addresses and what the configuration said then. */
    final StreamRecord began;

    final TraceContext context;
    /** The request as HTTP/1 would send it, as far as it is asked about. */
    final byte[] head;

    final Method method;
    /** Of gRPC: package.Service/Method, or nothing. */
    final String operation;

    final long spanId;
    final boolean isSecure;
    /** Nanoseconds that gRPC gives it; 0: no end. */
    final long patience;
    /** A field of its headers is not known. */
    final boolean hasUnknown;

    Kind kind;
    /** What it is beyond HTTP, by its path, its bodies or its answer; 0: nothing. */
    int carried;

    boolean isEligible;
    boolean isMatched;
    boolean isSampled;
    boolean isByParent;
    /** News of it may have been lost. */
    long doubtedSince;

    long requestEnd;
    long responseStart;
    long responseEnd;
    long requestBytes;
    long responseBytes;
    /** 0: none seen. */
    int status;
    /** By number, from 1; 0: none seen. */
    int grpcStatus;

    Exchange(StreamRecord news, RequestFields request, long spanId) {
        this.began = news.copy();
        this.context = request.context();
        this.head = request.head();
        this.method = request.method();
        this.operation = request.operation();
        this.isSecure = request.isSecure() || news.isTls();
        this.patience = request.patience();
        this.hasUnknown = request.hasUnknown();
        this.kind = request.kind();
        this.spanId = spanId;
        this.requestEnd = news.time();
        this.isEligible = request.isEligible() || !has(ConfigBit.CREATE_HEADER_PRESENT);
        this.isMatched = request.isMatched();
    }

    boolean has(ConfigBit bit) {
        return bit.in(began.configFlags());
    }

    boolean isClient() {
        return began.role() == Role.CLIENT;
    }

    boolean isGrpc() {
        return kind == Kind.GRPC;
    }

    boolean mayBeToldByBody() {
        return method == Method.POST && !isGrpc() && OverHttp.readsBodies(began);
    }

    int protocol() {
        if (isGrpc()) {
            return Grpc.NUMBER;
        }
        return carried == 0 ? Http2.NUMBER : carried;
    }

    boolean asksFor(int protocol) {
        return began.asksFor(protocol);
    }

    boolean names(int protocol) {
        return began.names(protocol);
    }

    long start() {
        return began.since();
    }

    /** Bytes of data frames that passed, the request's end if one of them was it, and between whom, if that was not known. */
    void passed(StreamRecord news) {
        began.learnAddresses(news);
        requestBytes += news.dataBytes(false);
        responseBytes += news.dataBytes(true);
        if (news.requestEnded() != 0) {
            requestEnd = news.requestEnded();
        }
    }

    long durationNanos() {
        return Math.max(0, Math.max(requestEnd, responseEnd) - start());
    }
}
