package dev.cairn.bench;

import dev.cairn.bench.keyvalue.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the system calls that make commits durable, with strace: fsync, fdatasync and msync, and writes to files that were opened
 * with O_DSYNC or O_SYNC, between the two lines of output with which {@link Child} marks its commits.
 *
 * @param syncs fsync, fdatasync and msync
 * @param writesThrough writes to files opened O_DSYNC or O_SYNC
 */
record SyncTrace(int syncs, int writesThrough) {

    private static final String CALLS = "openat,fsync,fdatasync,msync,write,writev,pwrite64,pwritev";
    private static final Pattern LINE = Pattern.compile("(\\d+)\\s+(.*)");
    private static final Pattern OPENED = Pattern.compile("openat\\(.*\\bO_D?SYNC\\b.*= (\\d+)");
    private static final Pattern OPENING = Pattern.compile("openat\\(.*\\bO_D?SYNC\\b.*<unfinished \\.\\.\\.>");
    private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. openat resumed>.*= (\\d+)");
    private static final Pattern SYNC = Pattern.compile("(fsync|fdatasync|msync)\\(.*");
    private static final Pattern WRITE = Pattern.compile("(?:write|writev|pwrite64|pwritev)\\((\\d+),.*");

    /** Whether there is a strace on the path. */
    static boolean isPossible() {
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
            if (Files.isExecutable(Path.of(directory, "strace"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Runs a command under strace.
     *
     * @throws IOException if it ends otherwise than with 0
     */
    static SyncTrace of(List<String> command, Path file) throws IOException, InterruptedException {
        List<String> traced = new ArrayList<>(
                List.of("strace", "-f", "-qq", "-s", "64", "-e", "trace=" + CALLS, "-o", file.toString()));
        traced.addAll(command);
        int exitCode = new ProcessBuilder(traced)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IOException("strace ended with exit code " + exitCode);
        }
        return of(Files.readAllLines(file));
    }

    /** Counts in strace's lines, each of which begins with a thread's number. */
    static SyncTrace of(List<String> lines) {
        Set<String> through = new HashSet<>();
        Map<String, Boolean> opening = new HashMap<>();
        boolean counting = false;
        int syncs = 0;
        int writes = 0;
        for (String line : lines) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                continue;
            }
            String call = parts.group(2);
            note(call, parts.group(1), through, opening);
            Matcher write = WRITE.matcher(call);
            if (call.contains(Child.TRACE_BEGINS)) {
                counting = true;
            } else if (call.contains(Child.TRACE_ENDS)) {
                counting = false;
            } else if (counting && SYNC.matcher(call).matches()) {
                syncs++;
            } else if (counting && write.matches() && through.contains(write.group(1))) {
                writes++;
            }
        }
        return new SyncTrace(syncs, writes);
    }

    /** Keeps the descriptors that write through. One that is closed and given to another file would still count: engines keep theirs. */
    private static void note(String call, String thread, Set<String> through, Map<String, Boolean> opening) {
        Matcher opened = OPENED.matcher(call);
        Matcher resumed = RESUMED.matcher(call);
        if (opened.matches()) {
            through.add(opened.group(1));
        } else if (OPENING.matcher(call).matches()) {
            opening.put(thread, true);
        } else if (resumed.matches() && opening.remove(thread) != null) {
            through.add(resumed.group(1));
        }
    }
}
