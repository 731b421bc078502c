package dev.cairn.tools.console;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a failure that nobody expected is told: each throwable of the chain in a line, with the place in Cairn where it arose.
 * All stacks only where {@value #DEBUG} is set.
 */
public final class FailureText {

    /** The environment variable that asks for stacks; any value but the empty one does. */
    public static final String DEBUG = "CAIRN_DEBUG";

    private static final String OWN = "dev.cairn.";

    private FailureText() {}

    /** As this process was asked to tell it; without a line end. */
    public static String of(Throwable failure) {
        String debug = System.getenv(DEBUG);
        return of(failure, debug != null && !debug.isEmpty());
    }

    static String of(Throwable failure, boolean debug) {
        if (debug) {
            StringWriter stacks = new StringWriter();
            failure.printStackTrace(new PrintWriter(stacks, true));
            return stacks.toString().stripTrailing();
        }
        StringBuilder text = new StringBuilder();
        Set<Throwable> told = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = failure; cause != null && told.add(cause); cause = cause.getCause()) {
            text.append(text.isEmpty() ? "" : "\n  caused by: ").append(cause);
            StackTraceElement place = place(cause);
            if (place != null) {
                text.append(" (").append(place).append(')');
            }
        }
        return text.append("\n  ").append(DEBUG).append("=1 shows the stacks").toString();
    }

    private static @Nullable StackTraceElement place(Throwable failure) {
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().startsWith(OWN)) {
                return frame;
            }
        }
        return null;
    }
}
