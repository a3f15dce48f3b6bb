package dev.spandrel.agent.protocol;

/** Of a broker of messages. Holds scratch space: one per thread. */
public non-sealed interface MessagingProtocol extends Protocol {
    /** Value of {@code messaging.system}. */
    String system();

    /** Of a request as far as bytes [from, to) go, cut anywhere; {@code said}: what the kernel
     * knows of it beside that, in the protocol's own terms. */
    Answer read(byte[] bytes, int from, int to, int said);

    /** What a broker says of its topics. */
    default void learn(byte[] bytes, int from, int to, Topics topics) {}

    /** Values of {@code messaging.operation.name} and {@code messaging.operation.type} by the kernel's number of the operation; no type is empty. */
    String operation(int method);

    String type(int method);

    /** The error that the kernel packed into a status, by its name. */
    String error(int status);

    /** Takes which topic has which id. */
    interface Topics {
        void put(byte[] bytes, int id, Slice name);
    }
}
