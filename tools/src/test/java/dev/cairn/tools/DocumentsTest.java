package dev.cairn.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the documents say must be so. */
class DocumentsTest {

    /** {@code Name} or {@code Name.method} in backticks. */
    private static final Pattern NAME =
            Pattern.compile("`([A-Z][A-Za-z]*[a-z][A-Za-z]*)(?:\\.([a-z][A-Za-z]*))?(?:\\(\\))?`");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");

    private static Map<String, Path> sources() throws IOException {
        Map<String, Path> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(Repository.root())) {
            files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("/src/main/"))
                    .forEach(file -> sources.put(file.getFileName().toString().replace(".java", ""), file));
        }
        return sources;
    }

    private static String read(Path path) throws IOException {
        return Files.readString(path, StandardCharsets.UTF_8);
    }

    @Test
    void everyNameInTheArchitectureExists() throws IOException {
        Map<String, Path> sources = sources();
        Set<String> unknown = new TreeSet<>();
        Matcher matcher = NAME.matcher(read(Repository.root().resolve("ARCHITECTURE.md")));
        int names = 0;
        while (matcher.find()) {
            names++;
            Path source = sources.get(matcher.group(1));
            String method = matcher.group(2);
            if (source == null || (method != null && !read(source).matches("(?s).*\\b" + method + "\\(.*"))) {
                unknown.add(matcher.group());
            }
        }
        assertTrue(names > 30, "found only " + names + " names");
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "README.md",
                "ARCHITECTURE.md",
                "docs/PERFORMANCE.md",
                "docs/TESTING.md",
                "docs/FUZZING.md",
                "docs/INSPECT.md"
            })
    void everyLinkLeadsSomewhere(String document) throws IOException {
        Path path = Repository.root().resolve(document);
        Matcher matcher = LINK.matcher(read(path));
        Set<String> dead = new TreeSet<>();
        while (matcher.find()) {
            if (!Files.exists(path.resolveSibling(matcher.group(1)))) {
                dead.add(matcher.group(1));
            }
        }
        assertEquals(Set.of(), dead);
    }

    @Test
    void theJavaInTheReadmeRuns(@TempDir Path scratch) throws IOException, InterruptedException {
        String readme = read(Repository.root().resolve("README.md"));
        Matcher matcher = Pattern.compile("(?s)```java\n(.*?)```").matcher(readme);
        assertTrue(matcher.find(), "no Java in README.md");
        Path source = scratch.resolve("Vehicles.java");
        Files.writeString(source, matcher.group(1), StandardCharsets.UTF_8);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        int compiled = compiler.run(
                null,
                errors,
                errors,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                scratch.toString(),
                source.toString());
        assertEquals(0, compiled, () -> errors.toString(StandardCharsets.UTF_8));
        Path noise = scratch.resolve("stderr");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        scratch + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                        "Vehicles",
                        scratch.resolve("db").toString())
                .redirectError(noise.toFile())
                .start();
        List<String> output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), output::toString);
        assertEquals(List.of("1 bZ4X", "3 Ioniq"), output);
        // From JDK 24 on the JVM warns of native access by itself; otherwise there is nothing to say.
        boolean jvmWarns = Runtime.version().feature() >= 24;
        for (String line : Files.readAllLines(noise)) {
            assertTrue(jvmWarns && (line.isEmpty() || line.startsWith("WARNING: ")), line);
        }
    }
}
