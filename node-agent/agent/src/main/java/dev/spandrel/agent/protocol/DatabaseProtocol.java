package dev.spandrel.agent.protocol;

/** Of a database. Holds scratch space: one per thread. */
public non-sealed interface DatabaseProtocol extends Protocol {
    /** Value of {@code db.system.name}. */
    String system();

    /** The dialect of its statements. */
    Dialect dialect();

    /** Of a message of {@link DatabaseRequest}, as far as bytes [from, to) go; they may be cut anywhere. */
    Answer read(byte[] bytes, int from, int to);

    /** Of what a connection said once, of this kind in the protocol's own terms. */
    default Answer learn(int kind, byte[] bytes, int from, int to) {
        return read(bytes, from, to);
    }

    /** The error that the kernel packed into a status, as the database writes it. */
    String error(int status);
}
