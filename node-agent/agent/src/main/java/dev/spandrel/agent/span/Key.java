package dev.spandrel.agent.span;

import java.nio.charset.StandardCharsets;

/** An attribute key with its UTF-8 bytes, so that an encoder copies and does not convert. */
public final class Key {
    static final Key METHOD = new Key("http.request.method");
    static final Key METHOD_ORIGINAL = new Key("http.request.method_original");
    static final Key REQUEST_SIZE = new Key("http.request.size");
    static final Key RESPONSE_SIZE = new Key("http.response.size");
    static final Key STATUS_CODE = new Key("http.response.status_code");
    static final Key ERROR_TYPE = new Key("error.type");
    static final Key URL_PATH = new Key("url.path");
    static final Key URL_QUERY = new Key("url.query");
    static final Key URL_SCHEME = new Key("url.scheme");
    static final Key URL_FULL = new Key("url.full");
    static final Key SERVER_ADDRESS = new Key("server.address");
    static final Key SERVER_PORT = new Key("server.port");
    static final Key CLIENT_ADDRESS = new Key("client.address");
    static final Key PEER_ADDRESS = new Key("network.peer.address");
    static final Key PEER_PORT = new Key("network.peer.port");
    static final Key PROTOCOL_NAME = new Key("network.protocol.name");
    static final Key PROTOCOL_VERSION = new Key("network.protocol.version");
    static final Key USER_AGENT = new Key("user_agent.original");
    static final Key DB_SYSTEM = new Key("db.system.name");
    static final Key DB_NAMESPACE = new Key("db.namespace");
    static final Key DB_QUERY_TEXT = new Key("db.query.text");
    static final Key DB_QUERY_SUMMARY = new Key("db.query.summary");
    static final Key DB_ROWS = new Key("db.response.returned_rows");
    static final Key DB_SQLSTATE = new Key("spandrel.db.sqlstate");
    static final Key DB_STATUS = new Key("db.response.status_code");
    static final Key DB_OPERATION = new Key("db.operation.name");
    static final Key DB_COLLECTION = new Key("db.collection.name");
    static final Key RPC_SYSTEM = new Key("rpc.system.name");
    static final Key RPC_METHOD = new Key("rpc.method");
    static final Key RPC_STATUS = new Key("rpc.response.status_code");
    static final Key JSONRPC_VERSION = new Key("jsonrpc.protocol.version");
    static final Key JSONRPC_ID = new Key("jsonrpc.request.id");
    static final Key GRAPHQL_NAME = new Key("graphql.operation.name");
    static final Key GRAPHQL_TYPE = new Key("graphql.operation.type");
    static final Key MESSAGING_SYSTEM = new Key("messaging.system");
    static final Key MESSAGING_OPERATION = new Key("messaging.operation.name");
    static final Key MESSAGING_TYPE = new Key("messaging.operation.type");
    static final Key MESSAGING_DESTINATION = new Key("messaging.destination.name");
    static final Key MESSAGING_PARTITION = new Key("messaging.destination.partition.id");
    static final Key MESSAGING_COUNT = new Key("messaging.batch.message_count");
    static final Key MESSAGING_SIZE = new Key("messaging.message.body.size");
    static final Key MESSAGING_TEMPORARY = new Key("messaging.destination.temporary");
    static final Key MESSAGING_GROUP = new Key("messaging.consumer.group.name");
    static final Key MESSAGING_CLIENT = new Key("messaging.client.id");
    static final Key MESSAGING_TOPICS = new Key("spandrel.messaging.topics");
    static final Key MESSAGING_PARTITIONS = new Key("spandrel.messaging.partitions");
    static final Key DNS_QUESTION = new Key("dns.question.name");
    static final Key DNS_TYPE = new Key("spandrel.dns.question.type");
    static final Key DNS_ANSWERS = new Key("spandrel.dns.answers");
    static final Key TRANSPORT = new Key("network.transport");
    static final Key THREAD_ID = new Key("thread.id");
    static final Key KEEP = new Key("spandrel.keep");
    static final Key END = new Key("spandrel.end");
    static final Key PARENT = new Key("spandrel.parent");
    static final Key PARENT_REASON = new Key("spandrel.parent.reason");
    static final Key QUERY_CUT = new Key("spandrel.query.truncated");
    static final Key HEADERS_UNKNOWN = new Key("spandrel.headers.unknown");
    static final Key TARGET_CUT = new Key("spandrel.target.truncated");

    private final String name;
    private final byte[] utf8;

    public Key(String name) {
        this.name = name;
        this.utf8 = name.getBytes(StandardCharsets.UTF_8);
    }

    /** Key of a captured request header. */
    public static Key requestHeader(String lowerCaseName) {
        return new Key("http.request.header." + lowerCaseName);
    }

    /** Key of a captured piece of metadata of gRPC. */
    public static Key requestMetadata(String lowerCaseName) {
        return new Key("rpc.request.metadata." + lowerCaseName);
    }

    public String name() {
        return name;
    }

    /** Not to be changed. */
    public byte[] utf8() {
        return utf8;
    }

    @Override
    public String toString() {
        return name;
    }
}
