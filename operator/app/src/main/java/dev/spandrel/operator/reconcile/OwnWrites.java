package dev.spandrel.operator.reconcile;

import dev.spandrel.operator.desired.Desired;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;

/**
 * Writing statuses. What somebody changed while one was being written has no event of its own: the SDK takes all that comes in that time for what it wrote itself. So after each write, also one that failed, is looked again.
 */
final class OwnWrites {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);

    private OwnWrites() {}

    /** It comes again with the compilation that includes it. But what is known of it may be ahead of the cache that is compiled. */
    static <R extends HasMetadata> UpdateControl<R> notCompiledYet() {
        return UpdateControl.<R>noUpdate().rescheduleAfter(LOOK_AGAIN);
    }

    /**
     * @param patch see {@link #named}
     * @param next when it is looked at in any case
     */
    static <R extends HasMetadata> UpdateControl<R> write(R patch, Duration next) {
        return UpdateControl.patchStatus(patch).rescheduleAfter(next.compareTo(LOOK_AGAIN) < 0 ? next : LOOK_AGAIN);
    }

    /** It may have been deleted meanwhile. */
    static <R extends HasMetadata> ErrorStatusUpdateControl<R> failed(Desired desired) {
        desired.changedBy(LOOK_AGAIN);
        return ErrorStatusUpdateControl.defaultErrorProcessing();
    }

    /** Who it is and nothing else: server-side apply owns what it is sent. */
    static ObjectMeta named(HasMetadata resource) {
        return new ObjectMetaBuilder()
                .withNamespace(resource.getMetadata().getNamespace())
                .withName(resource.getMetadata().getName())
                .build();
    }
}
