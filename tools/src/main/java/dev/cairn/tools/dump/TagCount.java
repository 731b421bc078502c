package dev.cairn.tools.dump;

import java.io.OutputStream;

/** Reads the command tags that a script prints, and counts what it made. Not thread-safe. */
final class TagCount extends OutputStream {

    private static final String INSERT = "INSERT 0 ";
    private static final int MOST_CHARACTERS = 64;

    private final StringBuilder line = new StringBuilder();
    private long tables;
    private long rows;

    long tables() {
        return tables;
    }

    long rows() {
        return rows;
    }

    @Override
    public void write(int b) {
        if (b != '\n') {
            if (line.length() < MOST_CHARACTERS) {
                line.append((char) (b & 0xFF));
            }
            return;
        }
        String tag = line.toString();
        line.setLength(0);
        if (tag.startsWith(INSERT)) {
            rows += Long.parseLong(tag.substring(INSERT.length()));
        } else if (tag.equals("CREATE TABLE")) {
            tables++;
        }
    }
}
