package dev.spandrel.policy;

/**
 * A rule that a policy breaks.
 *
 * @param path of the field, e.g. {@code spec.sampling.percent}
 */
public record Problem(String path, String reason) {
    @Override
    public String toString() {
        return path.isEmpty() ? reason : path + ": " + reason;
    }
}
