package dev.cairn.tools;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which package may know which, and which doors to the outside there are: the design's table, checked. */
class ArchitectureTest {
    private static final JavaClasses CAIRN = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.cairn");

    /** Everything that is part of a database; what is outside only drives, inspects or torments one. */
    private static final String[] DATABASE = {
        "dev.cairn.storage..",
        "dev.cairn.wal..",
        "dev.cairn.txn..",
        "dev.cairn.recovery..",
        "dev.cairn.engine..",
        "dev.cairn.sql.."
    };

    /** What the packages matching a pattern may use of Cairn, themselves aside. */
    record Layer(String packages, String... mayUse) {
        @Override
        public String toString() {
            return packages + " may use " + String.join(", ", mayUse);
        }
    }

    static List<Layer> layers() {
        return List.of(
                new Layer("dev.cairn.storage.base"),
                new Layer("dev.cairn.storage.format", "dev.cairn.storage.base"),
                new Layer("dev.cairn.storage.file", "dev.cairn.storage.base"),
                new Layer("dev.cairn.storage.memory", "dev.cairn.storage.base"),
                new Layer(
                        "dev.cairn.storage.page",
                        "dev.cairn.storage.base",
                        "dev.cairn.storage.format",
                        "dev.cairn.storage.memory"),
                new Layer(
                        "dev.cairn.storage.heap",
                        "dev.cairn.storage.base",
                        "dev.cairn.storage.format",
                        "dev.cairn.storage.memory",
                        "dev.cairn.storage.page"),
                new Layer(
                        "dev.cairn.storage.btree",
                        "dev.cairn.storage.base",
                        "dev.cairn.storage.format",
                        "dev.cairn.storage.memory",
                        "dev.cairn.storage.page"),
                new Layer(
                        "dev.cairn.storage.cache",
                        "dev.cairn.storage.base",
                        "dev.cairn.storage.format",
                        "dev.cairn.storage.file",
                        "dev.cairn.storage.memory",
                        "dev.cairn.storage.page"),
                new Layer("dev.cairn.storage..", "dev.cairn.storage.."),
                new Layer("dev.cairn.wal.record", "dev.cairn.storage.."),
                new Layer("dev.cairn.wal.segment", "dev.cairn.storage..", "dev.cairn.wal.record"),
                new Layer("dev.cairn.wal..", "dev.cairn.storage..", "dev.cairn.wal.."),
                new Layer("dev.cairn.txn", "dev.cairn.storage..", "dev.cairn.wal.."),
                new Layer("dev.cairn.txn..", "dev.cairn.storage..", "dev.cairn.wal..", "dev.cairn.txn.."),
                new Layer(
                        "dev.cairn.recovery..",
                        "dev.cairn.storage..",
                        "dev.cairn.wal..",
                        "dev.cairn.txn..",
                        "dev.cairn.recovery.."),
                new Layer(
                        "dev.cairn.engine..",
                        "dev.cairn.storage..",
                        "dev.cairn.wal..",
                        "dev.cairn.txn..",
                        "dev.cairn.recovery..",
                        "dev.cairn.engine.."),
                // wal and txn for the few value types that the engine's API speaks in: Durability, IsolationLevel,
                // counters.
                new Layer(
                        "dev.cairn.sql..",
                        "dev.cairn.storage.base",
                        "dev.cairn.wal",
                        "dev.cairn.txn",
                        "dev.cairn.engine..",
                        "dev.cairn.sql.."));
    }

    @ParameterizedTest
    @MethodSource("layers")
    void aPackageKnowsOnlyThoseBelowIt(Layer layer) {
        noClasses()
                .that()
                .resideInAPackage(layer.packages())
                .should()
                .dependOnClassesThat(resideInAPackage("dev.cairn..")
                        .and(not(resideInAPackage(layer.packages())))
                        .and(not(resideInAnyPackage(layer.mayUse()))))
                .allowEmptyShould(true)
                .check(CAIRN);
    }

    /** Users of the fuzzer may have another framework or none, and the command line has none. */
    @Test
    void onlyTheAnnotationForTestsNeedsJUnit() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cairn.fuzz.junit..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.junit..", "dev.cairn.fuzz.junit.."))
                .check(CAIRN);
    }

    @Test
    void nothingKnowsTheFuzzerOrTheToolsButTheTools() {
        noClasses()
                .that()
                .resideInAPackage("dev.cairn.fuzz..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.cairn.tools..", "dev.cairn.bench..")
                .allowEmptyShould(true)
                .check(CAIRN);
    }

    @Test
    void packagesFormNoCycle() {
        slices().matching("dev.cairn.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(CAIRN);
    }

    @Test
    void filesAreTouchedInStorageFileOnly() {
        noClasses()
                .that(resideInAnyPackage(DATABASE).and(not(resideInAPackage("dev.cairn.storage.file"))))
                .should()
                .dependOnClassesThat(type(FileChannel.class)
                        .or(type(RandomAccessFile.class))
                        .or(type(java.io.FileInputStream.class))
                        .or(type(java.io.FileOutputStream.class))
                        .or(type(java.io.FileReader.class))
                        .or(type(java.io.FileWriter.class)))
                .orShould()
                .callMethodWhere(describe(
                        "Files does more than ask whether something exists",
                        call -> call.getTargetOwner().isEquivalentTo(Files.class)
                                && !call.getName().matches("exists|notExists|is[A-Z].*")))
                .allowEmptyShould(true)
                .check(CAIRN);
    }

    @Test
    void offHeapMemoryIsTouchedInStorageMemoryOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.cairn.storage.memory")
                .should()
                .dependOnClassesThat(resideInAnyPackage("net.openhft..", "jdk.internal..", "sun.misc.."))
                .check(CAIRN);
    }

    /** Whoever reads a clock, draws a random number or starts a thread by himself cannot be simulated. */
    @Test
    void clockRandomAndThreadsComeThroughTheirSeams() {
        DescribedPredicate<JavaClass> simulated = resideInAnyPackage(
                        "dev.cairn.storage..",
                        "dev.cairn.wal..",
                        "dev.cairn.txn..",
                        "dev.cairn.recovery..",
                        "dev.cairn.engine..")
                .and(not(resideInAnyPackage("dev.cairn.storage.base", "dev.cairn.storage.file")));
        noClasses()
                .that(simulated)
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethodWhere(describe(
                        "java.time asks the system's clock",
                        call -> call.getTargetOwner().getPackageName().equals("java.time")
                                && call.getName().matches("now|system.*")))
                .orShould()
                .callConstructorWhere(describe(
                        "a thread is made", call -> call.getTargetOwner().isAssignableTo(Thread.class)))
                .orShould()
                .callConstructor(Date.class)
                .orShould()
                .dependOnClassesThat(assignableTo(Random.class)
                        .or(type(Executors.class))
                        .or(assignableTo(ForkJoinPool.class))
                        .or(assignableTo(CompletableFuture.class))
                        .or(assignableTo(java.util.random.RandomGenerator.class))
                        .or(assignableTo(java.util.Timer.class)))
                .allowEmptyShould(true)
                .check(CAIRN);
    }

    @Test
    void classesAreNamedForWhatTheyAre() {
        noClasses()
                .should()
                .haveSimpleNameEndingWith("Manager")
                .orShould()
                .haveSimpleNameEndingWith("Util")
                .orShould()
                .haveSimpleNameEndingWith("Utils")
                .orShould()
                .haveSimpleNameEndingWith("Impl")
                .orShould()
                .haveSimpleNameEndingWith("Helper")
                .check(CAIRN);
    }

    @Test
    void everyPackageIsNullMarked() {
        TreeSet<String> unmarked = new TreeSet<>();
        for (JavaClass javaClass : CAIRN) {
            if (!javaClass.getPackage().isAnnotatedWith(NullMarked.class)) {
                unmarked.add(javaClass.getPackageName());
            }
        }
        assertTrue(unmarked.isEmpty(), () -> "packages without @NullMarked in their package-info: " + unmarked);
    }
}
