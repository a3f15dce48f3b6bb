/**
 * Folders and lists in, OCI image archives and software bills of materials out; the same input gives the same bytes. Run by
 * {@code ./dev images}, one thread.
 */
@NullMarked
package dev.spandrel.images;

import org.jspecify.annotations.NullMarked;
