package dev.cairn.tools.dump;

import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Records of CSV (RFC 4180, line ends of any kind). A field that is nothing is null, {@code ""} is an empty text. Not thread-safe. */
final class CsvReader {

    private final Reader in;
    private int ahead;
    private long line = 1;

    /** @param in buffered */
    CsvReader(Reader in) throws IOException {
        this.in = in;
        this.ahead = in.read();
    }

    /** The number of the line on which the next record begins, from 1. */
    long line() {
        return line;
    }

    /**
     * The next record; null at the end.
     *
     * @throws IllegalArgumentException if it is not CSV
     */
    @Nullable List<@Nullable String> next() throws IOException {
        if (ahead < 0) {
            return null;
        }
        List<@Nullable String> fields = new ArrayList<>();
        do {
            fields.add(ahead == '"' ? quoted() : plain());
        } while (skip(','));
        if (skip('\r')) {
            skip('\n');
        } else if (!skip('\n') && ahead >= 0) {
            throw new IllegalArgumentException(
                    "expected a comma or a line end behind a quoted field, found '" + (char) ahead + "'");
        }
        line++;
        return fields;
    }

    private boolean skip(char c) throws IOException {
        if (ahead != c) {
            return false;
        }
        ahead = in.read();
        return true;
    }

    private @Nullable String plain() throws IOException {
        StringBuilder field = new StringBuilder();
        while (ahead >= 0 && ahead != ',' && ahead != '\n' && ahead != '\r') {
            if (ahead == '"') {
                throw new IllegalArgumentException("expected quotes around the whole field, found them within it");
            }
            field.append((char) ahead);
            ahead = in.read();
        }
        return field.length() == 0 ? null : field.toString();
    }

    private String quoted() throws IOException {
        StringBuilder field = new StringBuilder();
        ahead = in.read();
        while (true) {
            if (ahead < 0) {
                throw new IllegalArgumentException("expected a closing quote, found the end");
            }
            if (ahead == '"') {
                ahead = in.read();
                if (ahead != '"') {
                    return field.toString();
                }
            }
            line += ahead == '\n' ? 1 : 0;
            field.append((char) ahead);
            ahead = in.read();
        }
    }
}
