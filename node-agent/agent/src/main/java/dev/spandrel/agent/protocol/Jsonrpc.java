package dev.spandrel.agent.protocol;

import dev.spandrel.agent.protocol.JsonReader.Token;

/** JSON-RPC 2.0 over HTTP: the method that a request's body calls, and the code of the error that is answered. */
public final class Jsonrpc implements Protocol {
    public static final int NUMBER = dev.spandrel.contract.v1.Protocol.PROTOCOL_JSONRPC_VALUE;

    /** Value of {@code rpc.system.name}. */
    public static final String SYSTEM = "jsonrpc";
    /** Value of {@code jsonrpc.protocol.version}: others do not say what they are. */
    public static final String VERSION = "2.0";

    private static final Words MEMBERS = Words.exactly("jsonrpc", "method", "id");

    private final JsonReader json = new JsonReader();
    private final JsonrpcRequest request = new JsonrpcRequest();
    private final Slice method = new Slice();
    private final Slice id = new Slice();
    private boolean hasId;
    private boolean isCall;

    /** Of a request's body, as far as it is here. What is no JSON any more behind the version is passed over: its server says so. */
    public Answer read(Slice body) {
        request.start();
        Token token = json.set(body).next();
        boolean isBatch = token == Token.ARRAY;
        if (isBatch) token = json.next();
        boolean isOne = false;
        while (token == Token.OBJECT) {
            token = readCall();
            isOne |= isCall;
            request.add(method, id, hasId);
            if (isBatch && token == Token.OBJECT_END) token = json.next();
        }
        if (isBatch && token != Token.ARRAY_END) request.cut();
        return isOne ? request : Answer.INVALID;
    }

    /** Sets the code that an answer's body has for the only call; empty: none, as far as it is here. */
    public Slice error(Slice answer, Slice code) {
        code.clear();
        Token token = json.set(answer).next();
        while (token != Token.CUT && token != Token.INVALID && token != Token.END) {
            boolean isError =
                    token == Token.NAME && json.depth() == 1 && json.text().is("error");
            token = json.next();
            if (!isError || token != Token.OBJECT) continue;
            while (token != Token.CUT && token != Token.INVALID && json.depth() > 1) {
                boolean isCode =
                        token == Token.NAME && json.depth() == 2 && json.text().is("code");
                token = json.next();
                if (isCode && token == Token.NUMBER) return code.set(json.text());
            }
        }
        return code;
    }

    /** Its members. Answers the token that ended it. */
    private Token readCall() {
        method.clear();
        id.clear();
        hasId = false;
        isCall = false;
        Token token = json.next();
        while (token == Token.NAME) {
            int member = MEMBERS.find(json.text());
            boolean isVersion = member == 0;
            boolean isMethod = member == 1;
            boolean isId = member == 2;
            token = json.next();
            boolean isText = token == Token.STRING && !json.isEscaped();
            if (isVersion) {
                isCall = isText && json.text().is(VERSION);
            } else if (isMethod && isText) {
                method.set(json.text());
            } else if (isId && (isText || token == Token.NUMBER || token == Token.NULL)) {
                hasId = true;
                if (token != Token.NULL) id.set(json.text());
            }
            token = json.skip(token);
            if (token == Token.CUT || token == Token.INVALID) return token;
            token = json.next();
        }
        return token;
    }
}
