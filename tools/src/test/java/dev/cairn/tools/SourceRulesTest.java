package dev.cairn.tools;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What holds for every Java file of the repository, tests included. */
class SourceRulesTest {
    private static final int MOST_LINES = 700;
    private static final Pattern LEFT_FOR_LATER = Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b");

    @Test
    void everySourceFileIsShortAndFinished() throws IOException {
        List<Path> sources = sources(repositoryRoot());
        assertFalse(sources.isEmpty(), "no source file found");
        List<String> offences = new ArrayList<>();
        for (Path source : sources) {
            if (!source.toString().endsWith(".java")) {
                offences.add(source + " is no source file");
                continue;
            }
            String text = Files.readString(source, StandardCharsets.UTF_8);
            long lines = text.lines().count();
            if (lines > MOST_LINES) {
                offences.add(source + " has " + lines + " lines, more than " + MOST_LINES);
            }
            if (text.indexOf('\t') >= 0) {
                offences.add(source + " contains a tab");
            }
            if (LEFT_FOR_LATER.matcher(text).find()) {
                offences.add(source + " leaves something for later");
            }
        }
        assertTrue(offences.isEmpty(), () -> String.join("\n", offences));
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> modules = Files.list(root)) {
            for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml")))
                    .toList()) {
                for (String side : List.of("src/main/java", "src/test/java")) {
                    Path java = module.resolve(side);
                    if (Files.isDirectory(java)) {
                        try (Stream<Path> files = Files.walk(java)) {
                            files.filter(Files::isRegularFile).forEach(sources::add);
                        }
                    }
                }
            }
        }
        return sources;
    }

    private static Path repositoryRoot() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("mvnw"))) {
            directory = directory.getParent();
        }
        assertTrue(directory != null, "not inside the repository");
        return directory;
    }
}
