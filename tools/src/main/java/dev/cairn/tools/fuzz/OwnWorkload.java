package dev.cairn.tools.fuzz;

import dev.cairn.fuzz.FuzzCampaign.Failure;
import dev.cairn.fuzz.FuzzCampaign.Options;
import dev.cairn.fuzz.FuzzCampaign.Summary;
import dev.cairn.fuzz.api.CrashOptions;
import dev.cairn.fuzz.api.CrashRunner;
import dev.cairn.fuzz.api.CrashTestFailure;
import dev.cairn.fuzz.api.CrashWorkload;
import dev.cairn.fuzz.crash.CrashCounts;
import dev.cairn.tools.console.UsageException;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A workload that is not Cairn's, run seed after seed as Cairn's own are. Used by one thread. */
final class OwnWorkload implements AutoCloseable {

    /** One seed in so many is run a second time. */
    private static final int RERUN_EVERY = 100;

    private final URLClassLoader loader;
    private final String className;
    private final @Nullable String classPath;
    private final CrashWorkload<?> workload;

    private OwnWorkload(
            URLClassLoader loader, String className, @Nullable String classPath, CrashWorkload<?> workload) {
        this.loader = loader;
        this.className = className;
        this.classPath = classPath;
        this.workload = workload;
    }

    /** @throws UsageException if there is no such class, or it is none that can be run */
    static OwnWorkload load(String className, @Nullable String classPath) throws IOException {
        URLClassLoader loader = new URLClassLoader(urls(classPath), OwnWorkload.class.getClassLoader());
        try {
            Object made =
                    Class.forName(className, true, loader).getConstructor().newInstance();
            if (made instanceof CrashWorkload<?> workload) {
                return new OwnWorkload(loader, className, classPath, workload);
            }
            loader.close();
            throw new UsageException(className + " is no " + CrashWorkload.class.getName());
        } catch (ReflectiveOperationException | LinkageError e) {
            loader.close();
            throw new UsageException(
                    "no workload " + className + " with a public constructor without parameters: " + e);
        }
    }

    private static URL[] urls(@Nullable String classPath) throws MalformedURLException {
        List<URL> urls = new ArrayList<>();
        if (classPath != null) {
            for (String place : classPath.split(File.pathSeparator, -1)) {
                if (!Files.exists(Path.of(place))) {
                    throw new UsageException("--class-path: there is no " + place);
                }
                urls.add(Path.of(place).toUri().toURL());
            }
        }
        return urls.toArray(URL[]::new);
    }

    Summary run(Options options, Consumer<Failure> failures, Consumer<String> progress) {
        long begun = System.nanoTime();
        long told = begun;
        long seeds = 0;
        long states = 0;
        long distinct = 0;
        long failed = 0;
        long reruns = 0;
        long mismatches = 0;
        while ((options.seeds() == 0 || seeds < options.seeds())
                && (options.timeNanos() == 0 || System.nanoTime() - begun < options.timeNanos())) {
            CrashOptions one =
                    CrashOptions.DEFAULT.withSeed(options.seed() + seeds).withCrashAt(options.crashAt());
            CrashRunner runner = new CrashRunner(one, this::reproduction);
            try {
                CrashRunner.Summary summary = runner.run(workload);
                states += summary.states();
                distinct += summary.distinct();
                if (seeds % RERUN_EVERY == 0) {
                    reruns++;
                    mismatches += summary.equals(runner.run(workload)) ? 0 : 1;
                }
            } catch (CrashTestFailure e) {
                failed++;
                failures.accept(new Failure(e.reproduce(), e));
            }
            seeds++;
            if (System.nanoTime() - told > TimeUnit.SECONDS.toNanos(1)) {
                told = System.nanoTime();
                progress.accept(seeds + " seeds, " + states + " states, " + distinct + " distinct");
            }
        }
        long perSecond = (long) ((double) distinct * TimeUnit.SECONDS.toNanos(1) / (System.nanoTime() - begun));
        CrashCounts counts = new CrashCounts();
        counts.countImages(states, distinct);
        return new Summary(options.mode(), options.seed(), seeds, counts, 0, failed, reruns, mismatches, perSecond);
    }

    private String reproduction(long seed, long operation) {
        return "./cairn fuzz exhaustive --workload=" + className
                + (classPath == null ? "" : " --class-path=" + classPath) + " --seed=" + seed
                + (operation == 0 ? "" : " --crash-at=" + operation);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }
}
