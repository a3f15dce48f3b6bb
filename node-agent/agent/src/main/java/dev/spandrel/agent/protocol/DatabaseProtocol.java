package dev.spandrel.agent.protocol;

import java.util.Optional;

/** Of a database. Holds scratch space: one per thread. */
public non-sealed interface DatabaseProtocol extends Protocol {
    /** Not to be set. */
    Slice NOTHING = new Slice();

    /** Value of {@code db.system.name}. */
    String system();

    /** The same by which of those that speak the protocol it is, as the kernel numbers them. */
    default String system(int variant) {
        return system();
    }

    /** The dialect of its statements, where they are SQL. What else there is must not have values in it. */
    default Optional<Dialect> dialect() {
        return Optional.empty();
    }

    /** Value of {@code db.operation.name} by the kernel's number for it; empty: it has none. */
    default String operation(int method) {
        return "";
    }

    /** Of a message of {@link DatabaseRequest}, as far as bytes [from, to) go; they may be cut anywhere. */
    Answer read(byte[] bytes, int from, int to);

    /** Of what a connection said once, of this kind in the protocol's own terms. */
    default Answer learn(int kind, byte[] bytes, int from, int to) {
        return read(bytes, from, to);
    }

    /** Whether a statement's name is made of its text, so that all connections may speak of it that one has told of. */
    default boolean sharesNames() {
        return false;
    }

    /** The name by which each connection may speak of the statement that it told of last; empty: there is none. */
    default Slice latest() {
        return NOTHING;
    }

    /** Whether the name that a request spoke of meant a statement to the server, by the status of the answer. */
    default boolean knewName(int status) {
        return true;
    }

    /** Whether a status that is not 0 is an error's. */
    default boolean isError(int status) {
        return true;
    }

    /** The error that the kernel packed into a status, as the database writes it. */
    String error(int status);

    /** The SQLSTATE of an error that has a code beside it, which the kernel packed into the place of rows; empty: there is none. */
    default String sqlState(int rows) {
        return "";
    }
}
