package dev.cairn.tools;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the tests find the project's own files. */
public final class Repository {

    private Repository() {}

    /** The directory with the Maven wrapper in it. */
    public static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("mvnw"))) {
                return at;
            }
        }
        throw new IllegalStateException("not inside the repository");
    }
}
