/**
 * The operator's certificate and the authority behind it. A folder of PEM files, or an authority of its own that is kept in a Secret and published in a ConfigMap, goes in; a key manager whose
 * certificate changes while connections stay comes out. {@link dev.spandrel.operator.certificate.Authorities} and {@link dev.spandrel.operator.certificate.Issuer} are pure but for
 * the keys they make.
 */
@NullMarked
package dev.spandrel.operator.certificate;

import org.jspecify.annotations.NullMarked;
