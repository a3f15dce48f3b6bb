package dev.spandrel.agent.event;

/** {@code enum sp_method}, in its order; each but OTHER is the request's token. */
public enum Method {
    OTHER,
    GET,
    HEAD,
    POST,
    PUT,
    DELETE,
    OPTIONS,
    PATCH,
    CONNECT,
    TRACE,
    QUERY;

    private static final Method[] ALL = values();

    public static Method of(int number) {
        return number < ALL.length ? ALL[number] : OTHER;
    }

    /** Value of {@code http.request.method}. */
    public String attribute() {
        return this == OTHER ? "_OTHER" : name();
    }
}
