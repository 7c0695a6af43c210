package io.hostpool;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import io.hostpool.testkit.Monitors;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The packages are floors: imports run strictly downward. */
class FloorsTest {

  private static final String[] TOP_DOWN = {
    "io.hostpool",
    "io.hostpool.adapter",
    "io.hostpool.pool",
    "io.hostpool.internal.lease",
    "io.hostpool.internal.connection",
    "io.hostpool.internal.tls",
    "io.hostpool.internal.wire",
    "io.hostpool.internal.socket",
    "io.hostpool.internal.coding",
    "io.hostpool.internal.redirect",
    "io.hostpool.http",
    "io.hostpool.internal.body",
    "io.hostpool.stats",
    "io.hostpool.policy",
    "io.hostpool.net",
    "io.hostpool.internal.thread",
    "io.hostpool.internal.time",
    "io.hostpool.internal.text",
    "io.hostpool.error"
  };

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/io/hostpool/testkit/"))
          .importPackages("io.hostpool");

  @Test
  void everyPackageHasItsFloor() {
    assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrder(TOP_DOWN);
  }

  @Test
  void importsRunDownwardOnly() {
    Architectures.LayeredArchitecture floors =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (String floor : TOP_DOWN) {
      floors = floors.layer(floor).definedBy(floor);
    }
    for (int i = 0; i < TOP_DOWN.length; i++) {
      String[] above = java.util.Arrays.copyOf(TOP_DOWN, i);
      floors =
          above.length == 0
              ? floors.whereLayer(TOP_DOWN[i]).mayNotBeAccessedByAnyLayer()
              : floors.whereLayer(TOP_DOWN[i]).mayOnlyBeAccessedByLayers(above);
    }
    floors.check(CLASSES);
  }

  @Test
  void noPackageImportsInACircle() {
    slices().matching("io.hostpool.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void policyDoesNoInputOrOutputAndNeverSleeps() {
    noClasses()
        .that()
        .resideInAPackage("io.hostpool.policy")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio..", "org.apache..", "org.slf4j..")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
  }

  @Test
  void onlyTheWireAndMessagesKnowHttpCore() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.hostpool.internal.connection",
            "io.hostpool.internal.wire",
            "io.hostpool.internal.tls",
            "io.hostpool.http")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.hc..")
        .check(CLASSES);
  }

  @Test
  void nothingReadsTheWallClockToMeasureTime() {
    noClasses().should().callMethod(System.class, "currentTimeMillis").check(CLASSES);
  }

  @Test
  void nothingUsesThreadLocals() {
    noClasses().should().dependOnClassesThat().areAssignableTo(ThreadLocal.class).check(CLASSES);
  }

  /** A monitor pins a virtual thread before Java 24, and cannot be interrupted or tried. */
  @Test
  void nothingUsesMonitors() {
    assertThat(Monitors.in(Path.of("target/classes")))
        // Throwable.getCause() is synchronized too; it reads a field.
        .containsExactly("io.hostpool.error.MaxRetryException: getCause()");
  }
}
