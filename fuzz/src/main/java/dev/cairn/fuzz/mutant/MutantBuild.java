package dev.cairn.fuzz.mutant;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Makes classes of the engine's sources with a patch applied to a copy. */
public final class MutantBuild {

    private final EngineSources sources;

    public MutantBuild(EngineSources sources) {
        this.sources = sources;
    }

    /**
     * Compiles the whole engine anew, against this process's class path.
     *
     * @param name of the patch; empty for the engine as it is
     * @param scratch an empty directory
     * @return the directory of the classes
     * @throws PatchException if the patch does not apply, or does not compile
     */
    public Path build(String name, Path scratch) throws IOException {
        Path copy = scratch.resolve("sources");
        List<Path> files = sources.copyTo(copy);
        if (!name.isEmpty()) {
            UnifiedPatch patch = sources.patch(name);
            for (String path : patch.paths()) {
                Path file = copy.resolve(path);
                Files.writeString(file, patch.apply(path, Files.readString(file, StandardCharsets.UTF_8)));
            }
        }
        Path classes = Files.createDirectory(scratch.resolve("classes"));
        compile(name.isEmpty() ? "the unchanged engine" : name, files, classes);
        return classes;
    }

    private static void compile(String name, List<Path> files, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new PatchException(name, "this Java has no compiler: a JDK is needed");
        }
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            boolean compiled = compiler.getTask(
                            errors,
                            manager,
                            null,
                            List.of(
                                    "-proc:none",
                                    "-nowarn",
                                    "-XDignore.symbol.file",
                                    "-encoding",
                                    "UTF-8",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "-d",
                                    classes.toString()),
                            null,
                            manager.getJavaFileObjectsFromPaths(files))
                    .call();
            if (!compiled) {
                throw new PatchException(name, "it does not compile:\n" + errors);
            }
        }
    }
}
