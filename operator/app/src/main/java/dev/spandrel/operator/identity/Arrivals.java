package dev.spandrel.operator.identity;

import java.net.SocketAddress;

/** Told who comes, by the address that they come from. */
public interface Arrivals {
    /** Somebody shows a token: until it is judged it is not they who are waited for. */
    void asks(SocketAddress from);

    /** It is not known who that is. */
    void refused(SocketAddress from);
}
