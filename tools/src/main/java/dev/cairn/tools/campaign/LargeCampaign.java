package dev.cairn.tools.campaign;

import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The campaign "large", in the process whose heap is as small as it says. */
public final class LargeCampaign {

    static final String HEAP_FLAG = "-Xmx256m";

    private static final long MOST_HEAP_BYTES = 256L << 20;
    private static final long TABLE_BYTES = 2L << 30;
    private static final long CACHE_BYTES = 64L << 20;

    private LargeCampaign() {}

    /** Arguments: the directory in which a directory for the database is made; whether a person watches, true or false. */
    public static void main(String[] args) throws IOException {
        Console console = Console.system().withTerminal(Boolean.parseBoolean(args[1]));
        System.exit(run(console, Path.of(args[0]), TABLE_BYTES));
    }

    static int run(Console console, Path parent, long tableBytes) throws IOException {
        long heapBytes = Runtime.getRuntime().maxMemory();
        if (heapBytes > MOST_HEAP_BYTES) {
            console.error(
                    "campaign large: the heap may have " + MOST_HEAP_BYTES + " bytes at most, it has " + heapBytes);
            return ExitCode.USAGE;
        }
        long begun = System.nanoTime();
        try (ScratchDirectory scratch = ScratchDirectory.create(parent, "cairn-large-")) {
            LargeTable.Result result = new LargeTable(scratch.path(), tableBytes, CACHE_BYTES, console::progress).run();
            long fileBytes = dataBytes(scratch.path());
            boolean ok = fileBytes >= tableBytes;
            console.line("campaign: large " + (ok ? "ok" : "FAILED") + " rows=" + result.rows() + " table_bytes="
                    + fileBytes + " cache_bytes=" + CACHE_BYTES + " heap_bytes=" + heapBytes + " updated="
                    + result.updated() + " seconds=" + (System.nanoTime() - begun) / 1_000_000_000L);
            return ok ? ExitCode.DONE : ExitCode.FAILED;
        } catch (IllegalStateException e) {
            console.error("campaign large: " + e.getMessage());
            console.line("campaign: large FAILED seconds=" + (System.nanoTime() - begun) / 1_000_000_000L);
            return ExitCode.FAILED;
        }
    }

    private static long dataBytes(Path directory) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                if (file.getFileName().toString().startsWith("heap-")) {
                    bytes += Files.size(file);
                }
            }
        }
        return bytes;
    }
}
