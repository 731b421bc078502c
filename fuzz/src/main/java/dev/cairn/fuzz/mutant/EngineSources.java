package dev.cairn.fuzz.mutant;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The engine's sources and the patches against them, in a checkout. Immutable. */
public final class EngineSources {

    private static final List<String> MODULES = List.of("storage", "wal", "txn", "recovery", "engine");
    private static final String SUFFIX = ".patch";

    private final Path root;
    private final Path patches;

    private EngineSources(Path root, Path patches) {
        this.root = root;
        this.patches = patches;
    }

    /** With the mutants of the crash campaigns. @throws IllegalArgumentException if this is no checkout */
    public static EngineSources in(Path root) {
        return in(root, "fuzz/mutants");
    }

    /**
     * With others.
     *
     * @param patches the directory in which they are, relative to the checkout
     * @throws IllegalArgumentException if this is no checkout, or has no such directory
     */
    public static EngineSources in(Path root, String patches) {
        for (String module : MODULES) {
            if (!Files.isDirectory(root.resolve(module).resolve("src/main/java"))) {
                throw new IllegalArgumentException(root + " is no checkout of Cairn: it has no " + module
                        + "/src/main/java; run ./cairn from a checkout");
            }
        }
        if (!Files.isDirectory(root.resolve(patches))) {
            throw new IllegalArgumentException(root + " has no " + patches);
        }
        return new EngineSources(root, root.resolve(patches));
    }

    /** The names of all patches in their order, such as {@code 01-commit-not-synced}. */
    public List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(patches)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(SUFFIX))
                    .map(file -> file.substring(0, file.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        }
    }

    /** @throws PatchException if it is no diff, or changes anything but the engine */
    UnifiedPatch patch(String name) throws IOException {
        Path file = patches.resolve(name + SUFFIX);
        UnifiedPatch patch = UnifiedPatch.parse(name, Files.readString(file, StandardCharsets.UTF_8));
        for (String path : patch.paths()) {
            if (MODULES.stream().noneMatch(module -> path.startsWith(module + "/src/main/java/"))
                    || !Files.isRegularFile(root.resolve(path))) {
                throw new PatchException(name, path + " is none of the engine's sources");
            }
        }
        return patch;
    }

    /** @throws PatchException if the patch does not apply to the sources as they are */
    public void requireApplies(String name) throws IOException {
        UnifiedPatch patch = patch(name);
        for (String path : patch.paths()) {
            patch.apply(path, Files.readString(root.resolve(path), StandardCharsets.UTF_8));
        }
    }

    /** Copies every source file; returns the copies. */
    List<Path> copyTo(Path directory) throws IOException {
        List<Path> copies = new ArrayList<>();
        for (String module : MODULES) {
            try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    Path copy = directory.resolve(root.relativize(file).toString());
                    Files.createDirectories(copy.resolveSibling("."));
                    Files.copy(file, copy);
                    copies.add(copy);
                }
            }
        }
        return copies;
    }
}
