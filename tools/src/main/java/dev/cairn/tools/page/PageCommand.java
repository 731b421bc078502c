package dev.cairn.tools.page;

import dev.cairn.engine.StoredTable;
import dev.cairn.storage.base.CorruptionException;
import dev.cairn.storage.cache.FileTable;
import dev.cairn.storage.page.PageHeader;
import dev.cairn.storage.page.PageKind;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import dev.cairn.tools.log.LogDirectory;
import dev.cairn.tools.log.RowBytes;
import dev.cairn.tools.log.RowText;
import dev.cairn.tools.log.StoredTables;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn page}. */
@Command(
        name = "page",
        mixinStandardHelpOptions = true,
        description = {
            "Show a page of a data file as it lies on disk: fields, a map to scale, its rows or keys.",
            "The log may hold newer changes. Reads only. Exit code 3 if the page fails its checks."
        },
        footer = {"", "Example: cairn page /tmp/db 2 1", "         cairn page --raw /tmp/db 2 0"})
public final class PageCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(index = "1", paramLabel = "FILE", description = "The number in the file's name.")
    private int fileId;

    @Parameters(index = "2", paramLabel = "NO", description = "The page's number, from 0.")
    private int pageNo;

    @Option(names = "--raw", description = "Every byte in hexadecimal, with the names of the declared fields.")
    private boolean raw;

    @Option(names = "--obfuscate", description = "Show hashes of equal length instead of rows and keys.")
    private boolean obfuscate;

    @Option(names = "--json", description = "One JSON object: header fields and lines of the listing.")
    private boolean json;

    private final Console console;

    public PageCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    @Override
    public Integer call() {
        if (fileId < 1 || pageNo < 0) {
            throw new UsageException(
                    "expected a file from 1 and a page from 0, found file " + fileId + " page " + pageNo);
        }
        if (raw && obfuscate) {
            throw new UsageException("--raw shows bytes as they are: it goes not with --obfuscate");
        }
        LogDirectory log = LogDirectory.open(directory);
        PageView view = PageView.read(directory, log.control(), fileId, pageNo);
        StoredTable table = StoredTables.byFile(log, fileId);
        List<String> lines = raw
                ? PageText.raw(view)
                : PageText.pretty(view, rows(table), key -> obfuscate ? RowBytes.obfuscated(key) : key);
        PageKind kind = PageHeader.kind(view.page());
        String what = view.fault() != null ? "fails its checks: " + view.fault() : "intact";
        if (json) {
            console.line(new JsonObject()
                    .put("file", fileId)
                    .put("page", pageNo)
                    .put("pages", view.filePages())
                    .put("table_name", table == null ? null : table.name())
                    .put("kind", kind == null ? null : kind.name())
                    .put("fault", view.fault())
                    .put("lines", lines)
                    .toString());
        } else {
            console.line("page " + pageNo + " of " + view.filePages() + " of " + FileTable.fileName(fileId)
                    + (table == null ? "" : ", table " + table.name()) + ": "
                    + (kind == null ? "no known kind" : kind.name()) + ", " + what);
            lines.forEach(console::line);
        }
        return view.fault() == null ? ExitCode.DONE : ExitCode.DAMAGED;
    }

    private Function<byte[], String> rows(@Nullable StoredTable table) {
        return data -> {
            String hex = "0x" + RowText.hex(data, obfuscate);
            if (table == null || obfuscate) {
                return hex;
            }
            try {
                return RowText.values(table.schema(), table.row(data), false);
            } catch (CorruptionException e) {
                return hex + " (" + e.getMessage() + ")";
            }
        };
    }
}
