package io.hostpool;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the types of one package may know of each other, and what a user may see of them. */
class TypesTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/io/hostpool/testkit/"))
          .importPackages("io.hostpool");

  /** A type counts as one with the types that extend it in its package, and with nested ones. */
  @Test
  void typesInsideAPackageFormNoCircle() {
    Map<String, Set<String>> graph = new TreeMap<>();
    for (JavaClass type : CLASSES) {
      Set<String> needs = graph.computeIfAbsent(family(type), name -> new TreeSet<>());
      for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        if (target.getPackageName().equals(type.getPackageName())) {
          needs.add(family(target));
        }
      }
      needs.remove(family(type));
    }

    assertThat(circle(graph)).as("types that need each other").isEmpty();
  }

  @Test
  void whatIsExportedShowsExportedTypesOnly() {
    List<String> shown = new ArrayList<>();
    for (JavaClass type : CLASSES) {
      if (isSeen(type) && !isInternal(type)) {
        signatures(type)
            .filter(TypesTest::isInternal)
            .forEach(hidden -> shown.add(type.getName() + " shows " + hidden.getName()));
      }
    }

    assertThat(shown).isEmpty();
  }

  private static boolean isSeen(JavaClass type) {
    boolean isPublic =
        type.getModifiers().contains(JavaModifier.PUBLIC)
            || type.getModifiers().contains(JavaModifier.PROTECTED);
    return isPublic && type.getEnclosingClass().map(TypesTest::isSeen).orElse(true);
  }

  private static boolean isInternal(JavaClass type) {
    return type.getBaseComponentType().getPackageName().startsWith("io.hostpool.internal");
  }

  private static Stream<JavaClass> signatures(JavaClass type) {
    Stream<JavaClass> above =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
            // What a package-private supertype has can be seen through its subtypes.
            .filter(one -> isInternal(one) || isSeen(one));
    Stream<JavaClass> members =
        type.getMembers().stream().filter(TypesTest::isSeen).flatMap(TypesTest::types);
    return Stream.concat(above, members);
  }

  private static boolean isSeen(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> types(JavaMember member) {
    if (member instanceof JavaField field) {
      return field.getType().getAllInvolvedRawTypes().stream();
    }
    JavaCodeUnit unit = (JavaCodeUnit) member;
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        .map(JavaType::getAllInvolvedRawTypes)
        .flatMap(Set::stream);
  }

  /** Returns the name of the outermost type, and of the highest that it extends in its package. */
  private static String family(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    JavaClass head = outer;
    return Stream.concat(outer.getRawSuperclass().stream(), outer.getRawInterfaces().stream())
        .filter(above -> above.getPackageName().equals(head.getPackageName()))
        .filter(above -> above.getEnclosingClass().isEmpty())
        .findFirst()
        .map(TypesTest::family)
        .orElse(outer.getName());
  }

  /** Returns the types of a circle, empty if there is none. */
  private static List<String> circle(Map<String, Set<String>> graph) {
    Map<String, Boolean> done = new LinkedHashMap<>();
    for (String type : graph.keySet()) {
      List<String> found = circleFrom(type, graph, done, new ArrayList<>());
      if (!found.isEmpty()) {
        return found;
      }
    }
    return List.of();
  }

  private static List<String> circleFrom(
      String type, Map<String, Set<String>> graph, Map<String, Boolean> done, List<String> path) {
    if (path.contains(type)) {
      return new ArrayList<>(path.subList(path.indexOf(type), path.size()));
    }
    if (done.putIfAbsent(type, true) != null) {
      return List.of();
    }
    path.add(type);
    for (String next : graph.getOrDefault(type, Set.of())) {
      List<String> found = circleFrom(next, graph, done, path);
      if (!found.isEmpty()) {
        return found;
      }
    }
    path.remove(path.size() - 1);
    return List.of();
  }
}
