/**
 * The Kubernetes API of Spandrel as records. The schema that users see is generated from them into {@code crds/generated}; the
 * descriptions are the manual. A field that is absent stays null: absence means "inherited", and only {@code dev.spandrel.policy}
 * decides what holds then.
 */
@NullMarked
package dev.spandrel.crds;

import org.jspecify.annotations.NullMarked;
