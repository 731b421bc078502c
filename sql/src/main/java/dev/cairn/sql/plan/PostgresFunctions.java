package dev.cairn.sql.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** The names of PostgreSQL's functions, so that one that is missing here is told from one that is nowhere. */
final class PostgresFunctions {

    private static final Set<String> NAMES = read();

    private PostgresFunctions() {}

    static boolean contains(String name) {
        return NAMES.contains(name);
    }

    private static Set<String> read() {
        try (InputStream in = PostgresFunctions.class.getResourceAsStream("postgres-functions.txt")) {
            if (in == null) {
                throw new IllegalStateException("postgres-functions.txt is missing beside " + PostgresFunctions.class);
            }
            return Set.of(new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split("\\s+"));
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
