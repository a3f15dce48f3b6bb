package dev.spandrel.operator.identity;

import java.net.SocketAddress;

/** Told who comes, by the address that they come from. */
public interface Arrivals {
    /** It is not known who that is. */
    void refused(SocketAddress from);
}
