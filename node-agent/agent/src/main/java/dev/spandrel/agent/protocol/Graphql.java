package dev.spandrel.agent.protocol;

import dev.spandrel.agent.protocol.JsonReader.Token;

/** GraphQL over HTTP: the operation that a request's body asks for, or its query string. */
public final class Graphql implements Protocol {
    public static final int NUMBER = dev.spandrel.contract.v1.Protocol.PROTOCOL_GRAPHQL_VALUE;

    private static final Words MEMBERS = Words.exactly("query", "operationName", "extensions");

    private final JsonReader json = new JsonReader();
    private final GraphqlDocument document = new GraphqlDocument();
    private final GraphqlRequest request = new GraphqlRequest();
    private final Unescaped text = new Unescaped();
    private final Unescaped extensions = new Unescaped();
    private final Slice value = new Slice();
    private final Slice query = new Slice();
    private final Slice name = new Slice();
    private boolean isQueryWhole;
    private boolean isPersisted;

    /** Of a request's body, as far as it is here. */
    public Answer read(Slice contentType, Slice body) {
        request.start();
        value.set(contentType);
        int parameters = value.indexOf(';', 0);
        if (parameters >= 0)
            value.set(value.bytes(), value.from(), value.from() + parameters).trim();
        return value.equalsLower("application/json") || value.equalsLower("application/graphql+json")
                ? readBody(body)
                : Answer.INVALID;
    }

    /** Whether an answer's body says that something failed, as far as it is here. */
    public boolean isError(Slice answer) {
        Token token = json.set(answer).next();
        int members = token == Token.ARRAY ? 2 : 1;
        while (token != Token.CUT && token != Token.INVALID && token != Token.END) {
            boolean isErrors = token == Token.NAME
                    && json.depth() == members
                    && json.text().is("errors");
            token = json.next();
            if (isErrors && token == Token.ARRAY) return json.next() == Token.OBJECT;
        }
        return false;
    }

    /** One operation, or an array of them. */
    private Answer readBody(Slice body) {
        Token token = json.set(body).next();
        boolean isBatch = token == Token.ARRAY;
        if (isBatch) token = json.next();
        while (token == Token.OBJECT) {
            token = readOperation();
            if (token == Token.INVALID || !add()) return Answer.INVALID;
            if (isBatch && token != Token.CUT) token = json.next();
        }
        if (isBatch && token == Token.CUT) request.cut();
        return token == Token.INVALID || request.isEmpty() ? Answer.INVALID : request;
    }

    /** Its members. Answers the token that ended it. */
    private Token readOperation() {
        clear();
        Token token = json.next();
        while (token == Token.NAME) {
            int member = MEMBERS.find(json.text());
            boolean isQuery = member == 0;
            boolean isName = member == 1;
            boolean areExtensions = member == 2;
            token = json.next();
            if (isQuery && (token == Token.STRING || token == Token.CUT)) {
                query.set(json.text());
                isQueryWhole = token == Token.STRING;
            } else if (isName && token == Token.STRING) {
                name.set(json.text());
            } else if (areExtensions && token == Token.OBJECT) {
                token = readExtensions();
            }
            token = json.skip(token);
            if (token == Token.CUT || token == Token.INVALID) return token;
            token = json.next();
        }
        return token;
    }

    /** Likewise. */
    private Token readExtensions() {
        int depth = json.depth();
        Token token = Token.OBJECT;
        while (json.depth() >= depth && token != Token.CUT && token != Token.INVALID) {
            token = json.next();
            isPersisted |= token == Token.NAME
                    && json.depth() == depth + 1
                    && json.text().is("sha256Hash");
        }
        return token;
    }

    /** Of a target's query string, whose parameters are what members of a body would be. */
    public Answer readQuery(Slice all, boolean isWhole) {
        request.start();
        clear();
        int from = 0;
        while (from < all.length()) {
            int and = all.indexOf('&', from);
            int to = and < 0 ? all.length() : and;
            value.set(all.bytes(), all.from() + from, all.from() + to);
            from = to + 1;
            int equals = value.indexOf('=', 0);
            int start = value.from() + equals + 1;
            int end = value.to();
            value.set(value.bytes(), value.from(), start - 1);
            if (equals < 0) continue;
            int member = MEMBERS.find(value);
            boolean isQuery = member == 0;
            boolean isName = member == 1;
            boolean areExtensions = member == 2;
            value.set(value.bytes(), start, end);
            if (isQuery) {
                query.set(text.ofQuery(value));
                isQueryWhole = isWhole;
            } else if (isName) {
                name.set(value);
            } else if (areExtensions && json.set(extensions.ofQuery(value)).next() == Token.OBJECT) {
                readExtensions();
            }
        }
        return addPlain(query) ? request : Answer.INVALID;
    }

    private boolean add() {
        return addPlain(text.ofJson(query));
    }

    private boolean addPlain(Slice plain) {
        if (!isName(name)) name.clear();
        if (plain.isEmpty()) {
            if (isPersisted) request.add("", name);
            return isPersisted;
        }
        boolean isGraphql = document.read(plain, isQueryWhole, name);
        if (isGraphql) request.add(document.type(), document.name());
        return isGraphql;
    }

    private void clear() {
        query.clear();
        name.clear();
        isQueryWhole = false;
        isPersisted = false;
    }

    private static boolean isName(Slice slice) {
        for (int i = 0; i < slice.length(); i++) {
            int letter = slice.at(i);
            boolean fits = letter == '_' || Character.isLetterOrDigit(letter) && letter < 0x80;
            if (letter < 0 || !fits) return false;
        }
        return true;
    }
}
