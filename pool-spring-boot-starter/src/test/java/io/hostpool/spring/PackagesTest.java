package io.hostpool.spring;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfiguration;

/** The auto-configuration stands above what users see and above the meters. */
class PackagesTest {

  private static final String USERS = "io.hostpool.spring";
  private static final String AUTO_CONFIGURATION = "io.hostpool.spring.autoconfigure";
  private static final String METRICS = "io.hostpool.spring.metrics";

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(USERS);

  @Test
  void importsRunDownwardOnly() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("auto-configuration")
        .definedBy(AUTO_CONFIGURATION)
        .layer("users")
        .definedBy(USERS)
        .layer("metrics")
        .definedBy(METRICS)
        .whereLayer("auto-configuration")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("users")
        .mayOnlyBeAccessedByLayers("auto-configuration")
        .whereLayer("metrics")
        .mayOnlyBeAccessedByLayers("auto-configuration")
        .check(CLASSES);
  }

  @Test
  void autoConfigurationShowsNothingButItself() {
    classes()
        .that()
        .resideInAPackage(AUTO_CONFIGURATION)
        .and()
        .arePublic()
        .should()
        .beAnnotatedWith(AutoConfiguration.class)
        .check(CLASSES);
  }

  /** Not every application has Micrometer. */
  @Test
  void onlyTheMetersNeedMicrometer() {
    noClasses()
        .that()
        .doNotHaveSimpleName("HostpoolMetricsAutoConfiguration")
        .and()
        .resideOutsideOfPackage(METRICS)
        .or()
        .haveSimpleName("PoolRegistry")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CLASSES);
  }
}
