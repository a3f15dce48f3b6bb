package dev.spandrel.policy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** This module is pure: the same policies and inventory give the same bytes, whenever and wherever. */
class ImportWallsTest {
    private static final JavaClasses POLICY = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("dev.spandrel.policy");

    @Test
    void noInputOrOutput() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.net..", "java.nio.channels..", "io.grpc..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|RandomAccess).*")
                .check(POLICY);
    }

    @Test
    void noClockAndNoChance() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Random.class)
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .check(POLICY);
    }

    @Test
    void noThreads() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .orShould()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class)
                .check(POLICY);
    }

    @Test
    void neitherTheOperatorNorTheAgent() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.spandrel.operator..", "dev.spandrel.agent..", "io.fabric8.kubernetes.client..")
                .check(POLICY);
    }
}
