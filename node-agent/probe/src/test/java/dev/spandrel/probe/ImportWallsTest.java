package dev.spandrel.probe;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** The compiler is pure, and its passes follow one another. */
class ImportWallsTest {
    private final JavaClasses classes = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("dev.spandrel.probe");

    @Test
    void noIo() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.net..", "java.lang.foreign..", "dev.spandrel.ebpf..")
                .check(classes);
    }

    @Test
    void earlierPassesKnowNoLaterOnes() {
        noClasses()
                .that()
                .resideInAnyPackage("..probe.syntax..", "..probe.type..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..probe.check..", "..probe.lower..", "..probe.codegen..", "..probe.output..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("..probe.check..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..probe.lower..", "..probe.codegen..", "..probe.output..", "..probe.ir..")
                .check(classes);
        noClasses()
                .that()
                .resideInAnyPackage("..probe.ir..", "..probe.codegen..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("..probe.lower..", "..probe.check..")
                .check(classes);
    }
}
