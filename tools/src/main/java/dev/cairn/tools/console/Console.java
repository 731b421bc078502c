package dev.cairn.tools.console;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes. Results go to {@code out}; errors, warnings and progress to {@code err}.
 *
 * @param terminal whether a person sits at both ends: prompts and progress are for people only
 */
public record Console(InputStream in, PrintStream out, PrintStream err, boolean terminal) {

    /** The process's own streams, in UTF-8 whatever the locale says, so that output can be compared byte by byte. */
    public static Console system() {
        return new Console(System.in, stream(FileDescriptor.out), stream(FileDescriptor.err), isTerminal());
    }

    /** Prints and flushes, so that lines of both streams arrive in the order in which they were written. */
    public void line(String text) {
        out.print(text + "\n");
        out.flush();
    }

    public void error(String text) {
        out.flush();
        err.print(text + "\n");
        err.flush();
    }

    /** What a colour says. */
    public enum Tint {
        GOOD("32"),
        BAD("31");

        private final String code;

        Tint(String code) {
            this.code = code;
        }
    }

    /** The text in colour, on a terminal of somebody who has not set {@code NO_COLOR}; otherwise as it is. */
    public String tinted(String text, Tint tint) {
        return terminal && System.getenv("NO_COLOR") == null ? "\u001b[" + tint.code + "m" + text + "\u001b[0m" : text;
    }

    /** The same streams, for a process whose parent knows whether a person watches. */
    public Console withTerminal(boolean watched) {
        return new Console(in, out, err, watched);
    }

    /** For a person who waits; nobody else sees it. */
    public void progress(String text) {
        if (terminal) {
            error(text);
        }
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(
                new java.io.BufferedOutputStream(new FileOutputStream(descriptor), 8192),
                false,
                StandardCharsets.UTF_8);
    }

    /** From JDK 22 on there is always a console, and it says itself whether it is a terminal. */
    private static boolean isTerminal() {
        java.io.Console console = System.console();
        if (console == null || Runtime.version().feature() < 22) {
            return console != null;
        }
        try {
            return (boolean) java.io.Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException | IllegalAccessException | InvocationTargetException e) {
            throw new LinkageError("java.io.Console.isTerminal exists since JDK 22", e);
        }
    }
}
