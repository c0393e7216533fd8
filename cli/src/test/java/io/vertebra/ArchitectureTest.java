package io.vertebra;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The direction between modules and between packages, where module descriptors cannot express it. */
class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("io.vertebra");

    /** A rule about no classes would always hold, so every module that has sources must be seen here. */
    @ParameterizedTest
    @CsvSource({
        "vm, vm",
        "verifier, verifier",
        "config, config",
        "runtime, runtime",
        "output-connectors, connectors",
        "verticles, verticles",
        "examples, examples",
        "cli, cli",
    })
    void shouldSeeEveryModule(String folder, String module) throws IOException {
        if (hasSources(Path.of("..", folder, "src", "main", "java"))) {
            assertThat(CLASSES.that(resideInAPackage(packagesOf(module)))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "vm, ''",
        "verifier, vm",
        "config, ''",
        "runtime, vm verifier config",
        "connectors, vm verifier config runtime",
        "verticles, vm verifier config runtime connectors",
        "examples, vm verifier config runtime connectors verticles",
    })
    void shouldUseOnlyModulesBelow(String module, String below) {
        String[] allowed = Stream.of((module + " " + below).strip().split(" "))
                .map(ArchitectureTest::packagesOf)
                .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage(packagesOf(module)))
                .should()
                .dependOnClassesThat(resideInAPackage("io.vertebra..").and(not(resideInAnyPackage(allowed))))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    /** An application that only places hooks gets no Vert.x. */
    @ParameterizedTest
    @ValueSource(strings = {"vm", "verifier", "config", "runtime"})
    void shouldNotSeeVertx(String module) {
        noClasses()
                .that(resideInAPackage(packagesOf(module)))
                .should()
                .dependOnClassesThat(resideInAnyPackage("io.vertx..", "io.netty.."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void shouldKeepVmFreeOfLibraries() {
        classes()
                .that(resideInAPackage(packagesOf("vm")))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(packagesOf("vm"), "java.."))
                .check(CLASSES);
    }

    /** What a program does when it runs proves nothing about what it may do. */
    @Test
    void shouldKeepExecutorsFromVerifier() {
        noClasses()
                .that(resideInAPackage(packagesOf("verifier")))
                .should()
                .dependOnClassesThat(resideInAPackage("io.vertebra.vm.exec.."))
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void shouldHaveNoPackageCycles() {
        slices().matching("io.vertebra.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static String packagesOf(String module) {
        return "io.vertebra." + module + "..";
    }

    private static boolean hasSources(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.anyMatch(file -> file.toString().endsWith(".java"));
        }
    }
}
