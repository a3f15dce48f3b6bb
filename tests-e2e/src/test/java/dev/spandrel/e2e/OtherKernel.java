package dev.spandrel.e2e;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import java.util.regex.Pattern;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of the data path on the kernel of a virtual machine: those with the tag {@value #TAG} whose class and method match one of the arguments. A line on
 * standard output for each, for {@code ./dev kernels} to read.
 */
final class OtherKernel implements TestExecutionListener {
    static final String TAG = "kernels";

    private long start = System.nanoTime();

    private OtherKernel() {}

    public static void main(String... arguments) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectPackage("dev.spandrel.e2e"))
                .filters(TagFilter.includeTags(TAG), named(String.join("|", arguments)))
                .build();
        LauncherFactory.create().execute(request, new OtherKernel());
    }

    /** Of classes and methods, as in [class:dev.spandrel.e2e.AgentE2E]/[method:… */
    private static PostDiscoveryFilter named(String pattern) {
        var wanted = Pattern.compile(pattern);
        return test -> FilterResult.includedIf(!test.getChildren().isEmpty()
                || wanted.matcher(test.getUniqueId().toString()).find());
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        if (test.isTest()) {
            start = System.nanoTime();
            System.out.println("guest: begins " + name(test));
        }
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (test.isContainer() && result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            return;
        }
        String how = switch (result.getStatus()) {
            case SUCCESSFUL -> "passed";
            case ABORTED -> "not here";
            case FAILED -> "failed";
        };
        say(test, how);
        result.getThrowable()
                .ifPresent(reason -> System.out.println(reason.toString().indent(4)));
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        say(test, "not here");
    }

    private void say(TestIdentifier test, String how) {
        System.out.printf("guest: test\t%s\t%s\t%.1f%n", how, name(test), (System.nanoTime() - start) / 1e9);
    }

    /** As in AgentE2E.requestsBecomeSpans, then the parameters of this run. */
    private static String name(TestIdentifier test) {
        String place = test.getUniqueIdObject().getSegments().stream()
                .filter(segment -> segment.getType().equals("class")
                        || segment.getType().equals("method")
                        || segment.getType().equals("test-template"))
                .map(segment -> segment.getValue().replaceAll("^dev\\.spandrel\\.e2e\\.|\\(.*", ""))
                .reduce((type, method) -> type + "." + method)
                .orElse(test.getDisplayName());
        return test.getUniqueId().contains("invocation") ? place + " " + test.getDisplayName() : place;
    }
}
