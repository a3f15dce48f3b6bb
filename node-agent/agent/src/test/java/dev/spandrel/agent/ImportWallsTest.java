package dev.spandrel.agent;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import org.junit.jupiter.api.Test;

/** The walls of ARCHITECTURE.md: imports point towards data, and the agent's two halves do not know each other. */
class ImportWallsTest {
    private static final String[] CONTROL = {"dev.spandrel.agent.control..", "dev.spandrel.agent.standalone.."};
    private static final String[] DATA = {
        "dev.spandrel.agent.event..",
        "dev.spandrel.agent.protocol..",
        "dev.spandrel.agent.span..",
        "dev.spandrel.agent.metric..",
        "dev.spandrel.agent.decorate..",
        "dev.spandrel.agent.export.."
    };
    private static final JavaClasses SPANDREL = new ClassFileImporter()
            .withImportOption(location -> !location.contains("test-classes"))
            .importPackages("dev.spandrel");

    @Test
    void controlKnowsNothingOfData() {
        noClasses()
                .that()
                .resideInAnyPackage(CONTROL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DATA)
                .check(SPANDREL);
    }

    @Test
    void dataKnowsNothingOfControl() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONTROL)
                .check(SPANDREL);
    }

    @Test
    void whereTheyMeetKnowsNeither() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.spandrel.agent.workload..", "dev.spandrel.agent.program..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONTROL)
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage(DATA)
                .check(SPANDREL);
    }

    @Test
    void onlyStandaloneReadsPolicies() {
        noClasses()
                .that()
                .resideInAPackage("dev.spandrel.agent..")
                .and()
                .resideOutsideOfPackage("dev.spandrel.agent.standalone..")
                .and()
                .doNotHaveFullyQualifiedName("dev.spandrel.agent.Main")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.spandrel.policy..", "dev.spandrel.crds..")
                .check(SPANDREL);
    }

    @Test
    void onlyEbpfCallsRestrictedMethods() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.spandrel.ebpf..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Linker.class, SymbolLookup.class)
                .orShould()
                .callMethodWhere(target(describe(
                        "MemorySegment.reinterpret",
                        method -> method.getOwner().isEquivalentTo(MemorySegment.class)
                                && method.getName().equals("reinterpret"))))
                .check(SPANDREL);
    }

    @Test
    void ebpfIsALibraryOfItsOwn() {
        noClasses()
                .that()
                .resideInAPackage("dev.spandrel.ebpf..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.spandrel.agent..", "dev.spandrel.contract..", "dev.spandrel.policy..")
                .check(SPANDREL);
    }

    @Test
    void packagesOfTheAgentFormNoCycle() {
        slices().matching("dev.spandrel.agent.(**)").should().beFreeOfCycles().check(SPANDREL);
    }
}
