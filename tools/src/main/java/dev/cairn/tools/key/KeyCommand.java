package dev.cairn.tools.key;

import dev.cairn.engine.Row;
import dev.cairn.engine.StoredPages;
import dev.cairn.engine.StoredPages.Version;
import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.base.Lsn;
import dev.cairn.storage.heap.RowIds;
import dev.cairn.storage.heap.TupleFlags;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.LiveDatabase;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import dev.cairn.tools.log.LogDirectory;
import dev.cairn.tools.log.LogGap;
import dev.cairn.tools.log.LogVisitor;
import dev.cairn.tools.log.RowKey;
import dev.cairn.tools.log.RowText;
import dev.cairn.tools.log.RowTrail;
import dev.cairn.tools.log.TransactionTree.Branch;
import dev.cairn.tools.log.TransactionTrees;
import dev.cairn.wal.LoggedRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        description = {
            "Tell the history of one row: what the log that is left says of it, who did that and what became of them,",
            "and which versions of it stand on pages as opening would leave them. Reads only.",
            "Exit code: 0 found, 1 neither log nor pages know the row."
        },
        footer = {"", "Example: cairn key /tmp/db orders 4711", "         cairn key --row=1,0 /tmp/db orders"})
public final class KeyCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(index = "1", paramLabel = "TABLE", description = "The table's name.")
    private String tableName;

    @Parameters(
            index = "2..*",
            arity = "0..*",
            paramLabel = "KEY",
            description = "The row's primary key, a value for each of its columns.")
    private List<String> key = new ArrayList<>();

    @Option(
            names = "--row",
            paramLabel = "PAGE,SLOT",
            description = "Instead of a key: whatever stood at this place, and what replaced it.")
    private @Nullable String address;

    @Option(names = "--obfuscate", description = "Show hashes of equal length instead of values.")
    private boolean obfuscate;

    @Option(names = "--json", description = "One JSON object a line: each record, each version, the last one counts.")
    private boolean json;

    private final Console console;

    public KeyCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
        this.tableName = "";
    }

    /** A version on a page, judged. */
    private record Standing(Version version, boolean made, boolean ended) {
        boolean visible() {
            return made && !ended;
        }
    }

    /** What the pages say. */
    private record Pages(RowKey row, List<Standing> versions) {}

    @Override
    public Integer call() {
        if (key.isEmpty() == (address == null)) {
            throw new UsageException("expected the values of a key, or --row=PAGE,SLOT");
        }
        LogDirectory log = LogDirectory.open(directory);
        Pages pages = LiveDatabase.read(directory, database -> {
            StoredPages stored = database.storedPages();
            String place = address;
            RowKey row = place == null
                    ? RowKey.ofPrimaryKey(stored, tableName, key)
                    : RowKey.ofAddress(stored, tableName, place);
            return new Pages(
                    row,
                    row.versions(database).stream()
                            .map(version -> judge(stored, version))
                            .toList());
        });
        List<RowEvent> events = events(log, pages);
        Map<Long, Author> authors = authors(log, events, pages.versions);
        print(pages, events, authors);
        return events.isEmpty() && pages.versions.isEmpty() ? ExitCode.FAILED : ExitCode.DONE;
    }

    private static Standing judge(StoredPages pages, Version version) {
        boolean frozen = (version.flags() & TupleFlags.FROZEN) != 0;
        return new Standing(
                version,
                frozen || pages.isCommitted(version.xmin()),
                version.xmax() != 0 && pages.isCommitted(version.xmax()));
    }

    private List<RowEvent> events(LogDirectory log, Pages pages) {
        RowTrail trail = new RowTrail(
                pages.row, pages.versions.stream().map(Standing::version).toList());
        List<RowEvent> events = new ArrayList<>();
        log.read(new LogVisitor() {
            @Override
            public boolean record(LoggedRecord record) {
                if (trail.take(record)) {
                    events.add(RowEvent.of(record));
                }
                return true;
            }

            @Override
            public void gap(LogGap gap) {
                console.error("cairn: " + gap);
            }
        });
        return events;
    }

    /** Who they are that the log still tells of, by id. */
    private static Map<Long, Author> authors(LogDirectory log, List<RowEvent> events, List<Standing> versions) {
        Set<Long> wanted = events.stream().map(RowEvent::xid).collect(Collectors.toCollection(TreeSet::new));
        versions.forEach(standing -> wanted.addAll(List.of(standing.version.xmin(), standing.version.xmax())));
        Map<Long, Author> authors = new HashMap<>();
        TransactionTrees trees = new TransactionTrees(
                tree -> {
                    for (long xid : wanted) {
                        Branch branch = tree.branch(xid);
                        if (branch != null) {
                            authors.put(xid, Author.of(tree, branch));
                        }
                    }
                },
                gap -> {});
        log.read(trees);
        trees.end();
        return authors;
    }

    private void print(Pages pages, List<RowEvent> events, Map<Long, Author> authors) {
        StoredTable table = pages.row.table();
        long visible = pages.versions.stream().filter(Standing::visible).count();
        if (!json) {
            console.line("row " + (obfuscate ? "" : pages.row + " ") + "of table " + table.name());
            console.line("log");
        }
        for (RowEvent event : events) {
            Author author = authors.get(event.xid());
            console.line(json ? json(table, event, author) : text(table, event, author));
        }
        if (!json) {
            console.line("pages, as opening would leave them");
        }
        for (Standing standing : pages.versions) {
            console.line(json ? json(table, standing) : text(table, standing, authors));
        }
        console.line(
                json
                        ? new JsonObject()
                                .put("records", events.size())
                                .put("versions", pages.versions.size())
                                .put("visible", visible)
                                .toString()
                        : "key: records=" + events.size() + " versions=" + pages.versions.size() + " visible="
                                + visible);
    }

    private String text(StoredTable table, RowEvent event, @Nullable Author author) {
        String by = event.xid() == 0 ? "" : author == null ? "xid " + event.xid() : author.words();
        byte[] data = event.data();
        String row = data == null ? "" : (by.isEmpty() ? "" : " ") + values(table, data);
        return String.format(
                Locale.ROOT, "  %-12s %-15s %-18s %s%s", Lsn.format(event.lsn()), event.kind(), event.where(), by, row);
    }

    private String text(StoredTable table, Standing standing, Map<Long, Author> authors) {
        Version version = standing.version;
        String ended = version.xmax() == 0
                ? ""
                : version.forward() != version.rowId()
                        ? ", replaced by the one at " + RowIds.format(version.forward())
                        : ", deleted";
        String by = version.xmax() == 0 ? "" : " by xid " + version.xmax() + fate(standing.ended);
        return String.format(
                Locale.ROOT,
                "  %-9s %s: made by xid %d%s%s%s %s",
                RowIds.format(version.rowId()),
                standing.visible() ? "visible" : "not visible",
                version.xmin(),
                standing.made ? "" : fate(false, authors.get(version.xmin())),
                ended,
                by,
                values(table, version.data()));
    }

    private static String fate(boolean committed) {
        return committed ? "" : ", which did not commit";
    }

    private static String fate(boolean committed, @Nullable Author author) {
        return author == null ? fate(committed) : ", " + author.fate().words();
    }

    private String values(StoredTable table, byte[] data) {
        Row row = row(table, data);
        return row == null ? "0x" + RowText.hex(data, obfuscate) : RowText.values(table.schema(), row, obfuscate);
    }

    private static @Nullable Row row(StoredTable table, byte[] data) {
        try {
            return table.row(data);
        } catch (CorruptionException e) {
            // Shown as bytes, as a row of no known shape; whether it is damaged is for "verify" to say.
            return null;
        }
    }

    private String json(StoredTable table, RowEvent event, @Nullable Author author) {
        JsonObject line = new JsonObject()
                .put("lsn", Lsn.format(event.lsn()))
                .put("record", event.kind())
                .put("xid", event.xid())
                .put("row_id", event.place() < 0 ? null : RowIds.format(event.place()))
                .put("next_row_id", event.next() < 0 ? null : RowIds.format(event.next()));
        if (author != null) {
            line.put("top", author.top())
                    .put("label", author.label())
                    .put("savepoints", author.savepoints())
                    .put("fate", author.fate().name())
                    .put("sqlstate", author.sqlState())
                    .put("time", author.micros());
        }
        byte[] data = event.data();
        return (data == null ? line : columns(line, table, data)).toString();
    }

    private String json(StoredTable table, Standing standing) {
        Version version = standing.version;
        JsonObject line = new JsonObject()
                .put("version", RowIds.format(version.rowId()))
                .put("xmin", version.xmin())
                .put("xmin_committed", standing.made)
                .put("xmax", version.xmax())
                .put("xmax_committed", standing.ended)
                .put("next_row_id", version.forward() == version.rowId() ? null : RowIds.format(version.forward()))
                .put("visible", standing.visible());
        return columns(line, table, version.data()).toString();
    }

    private JsonObject columns(JsonObject line, StoredTable table, byte[] data) {
        Row row = row(table, data);
        return row == null
                ? line.put("row", RowText.hex(data, obfuscate))
                : line.put("columns", RowText.json(table.schema(), row, obfuscate));
    }
}
