/**
 * Which files hold a TLS library, and where its plaintext passes: {@link dev.spandrel.agent.tls.TlsProbes} puts probes there while a traced process maps them.
 *
 * <p>In: the traced cgroups. Out: probes of the sensor's {@code TlsSensor}, and figures. One thread of its own; what a file holds is found by pure functions of its bytes.
 */
@NullMarked
package dev.spandrel.agent.tls;

import org.jspecify.annotations.NullMarked;
