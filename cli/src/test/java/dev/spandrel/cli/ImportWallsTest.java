package dev.spandrel.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** A start takes as long as the classes it needs. */
final class ImportWallsTest {
    @Test
    void onlyTheContract() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.spandrel.operator..",
                        "dev.spandrel.policy..",
                        "dev.spandrel.agent..",
                        "dev.spandrel.crds..",
                        "io.fabric8..",
                        "io.quarkus..",
                        "com.fasterxml..")
                .check(new ClassFileImporter()
                        .withImportOption(location -> !location.contains("test-classes"))
                        .importPackages("dev.spandrel.cli"));
    }
}
