package dev.cairn.tools.stat;

import dev.cairn.engine.StoredIndex;
import dev.cairn.engine.StoredPages;
import dev.cairn.engine.StoredTable;
import dev.cairn.recovery.LiveFigures;
import dev.cairn.recovery.LiveFigures.Figure;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.file.RealDisk;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.log.JsonObject;
import dev.cairn.tools.log.LogDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn stat}. */
@Command(
        name = "stat",
        mixinStandardHelpOptions = true,
        description = {
            "Show how big tables and indexes are and how full, as opening would find them, and what an open database",
            "is doing. Reads only. FILL: how much of the pages' room is taken; BLOAT: how much of it by row versions that",
            "nobody sees any more. Of an index LIVE are its entries, DEAD its free pages; so with values that stand on pages",
            "of their own. What a database does is known if it was opened with statisticsFile=true and lives."
        },
        footer = {"", "Example: cairn stat /tmp/db"})
public final class StatCommand implements Callable<Integer> {

    /** Figures are written every second; older ones are a dead process's. */
    private static final long MOST_AGE_MICROS = 5_000_000;

    @Parameters(paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Option(names = "--json", description = "One JSON object a line: tables, indexes, the last one is the figures.")
    private boolean json;

    private final Console console;

    public StatCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    @Override
    public Integer call() {
        LogDirectory log = LogDirectory.open(directory);
        LiveFigures figures =
                LiveFigures.read(new RealDisk(directory), log.control().databaseId());
        if (figures != null && System.currentTimeMillis() * 1000 - figures.writtenMicros() > MOST_AGE_MICROS) {
            figures = null;
        }
        List<FileSize> sizes = LiveDatabase.read(directory, database -> sizes(database.storedPages()));
        if (!json) {
            console.line(String.format(
                    Locale.ROOT,
                    "%-32s %10s %14s %12s %12s %5s %6s %6s",
                    "",
                    "PAGES",
                    "FILE BYTES",
                    "LIVE",
                    "DEAD",
                    "FILL",
                    "BLOAT",
                    "DEPTH"));
        }
        sizes.forEach(size -> console.line(json ? json(size) : text(size)));
        if (json) {
            console.line(json(figures));
        } else {
            printFigures(figures);
        }
        return ExitCode.DONE;
    }

    private static List<FileSize> sizes(StoredPages pages) {
        List<FileSize> sizes = new ArrayList<>();
        List<StoredIndex> indexes = pages.indexes();
        for (StoredTable table : pages.tables()) {
            sizes.add(FileSize.of(pages, table));
            if (pages.exists(table.overflowFileId())) {
                sizes.add(FileSize.ofLarge(pages, table));
            }
            for (StoredIndex index : indexes) {
                if (index.tableId() == table.tableId()) {
                    sizes.add(FileSize.of(pages, index, table.name()));
                }
            }
        }
        return sizes;
    }

    private static String text(FileSize size) {
        String line = String.format(
                Locale.ROOT,
                "%-32s %10d %14d %12d %12d %4d%% %5d%% %6s",
                switch (size.kind()) {
                    case TABLE -> size.name();
                    case INDEX -> "  index " + size.name();
                    case LARGE -> "  large values";
                },
                size.pages(),
                size.bytes(),
                size.live(),
                size.dead(),
                size.fill(),
                size.bloat(),
                size.depth() == 0 ? "" : Integer.toString(size.depth()));
        return line.stripTrailing();
    }

    private static String json(FileSize size) {
        JsonObject line = new JsonObject()
                .put("kind", size.kind().name().toLowerCase(Locale.ROOT))
                .put("name", size.name())
                .put("table_name", size.owner())
                .put("pages", size.pages())
                .put("file_bytes", size.bytes())
                .put(live(size), size.live())
                .put(size.kind() == FileSize.Kind.TABLE ? "dead_rows" : "free_pages", size.dead())
                .put("live_bytes", size.liveBytes())
                .put("dead_bytes", size.deadBytes())
                .put("fill_percent", size.fill())
                .put("bloat_percent", size.bloat());
        return (size.kind() == FileSize.Kind.INDEX ? line.put("depth", size.depth()) : line).toString();
    }

    private static String live(FileSize size) {
        return switch (size.kind()) {
            case TABLE -> "live_rows";
            case INDEX -> "entries";
            case LARGE -> "values";
        };
    }

    private void printFigures(@Nullable LiveFigures figures) {
        if (figures == null) {
            console.line("cache and log figures: unavailable");
            return;
        }
        console.line("cache and log figures");
        figures.values()
                .forEach((figure, value) -> console.line(String.format(
                        Locale.ROOT, "  %-22s %16s  %s", figure.key(), value(figure, value), figure.meaning())));
    }

    private static String value(Figure figure, long value) {
        return isLsn(figure) ? Lsn.format(value) : Long.toString(value);
    }

    private static boolean isLsn(Figure figure) {
        return figure == Figure.LOG_END || figure == Figure.LOG_DURABLE;
    }

    private static String json(@Nullable LiveFigures figures) {
        JsonObject line = new JsonObject().put("figures", figures == null ? "unavailable" : "live");
        if (figures != null) {
            line.put("written", figures.writtenMicros());
            figures.values().forEach((figure, value) -> {
                if (isLsn(figure)) {
                    line.put(figure.key(), Lsn.format(value));
                } else {
                    line.put(figure.key(), value.longValue());
                }
            });
        }
        return line.toString();
    }
}
