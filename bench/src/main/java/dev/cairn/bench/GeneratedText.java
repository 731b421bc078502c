package dev.cairn.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The parts of a document that a run writes, each between two comments. */
final class GeneratedText {

    private GeneratedText() {}

    private static String begin(String name) {
        return "<!-- bench " + name + ": begin -->";
    }

    private static String end(String name) {
        return "<!-- bench " + name + ": end -->";
    }

    /** Whether the document has a place for it. */
    static boolean hasPlace(Path document, String name) throws IOException {
        String text = Files.readString(document);
        return text.contains(begin(name)) && text.indexOf(end(name)) > text.indexOf(begin(name));
    }

    /** Replaces what stands between the comments. */
    static void replace(Path document, String name, String text) throws IOException {
        String old = Files.readString(document);
        int from = old.indexOf(begin(name)) + begin(name).length();
        int to = old.indexOf(end(name));
        if (to < from || !old.contains(begin(name))) {
            throw new IOException(document + " has no place for " + name + ": expected " + begin(name));
        }
        Files.writeString(document, old.substring(0, from) + "\n\n" + text.strip() + "\n\n" + old.substring(to));
    }
}
