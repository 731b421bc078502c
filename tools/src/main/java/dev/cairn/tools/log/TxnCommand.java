package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.TransactionTree.Branch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn txn}. */
@Command(
        name = "txn",
        mixinStandardHelpOptions = true,
        description = {
            "Draw a transaction as the tree of its savepoints, each with its fate; or show all at a glance.",
            "Reads the log only."
        },
        footer = {"", "Example: cairn txn /tmp/db 57", "         cairn txn --top=3 /tmp/db"})
public final class TxnCommand implements Callable<Integer> {

    private static final int MOST_CHILDREN = 50;

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "XID",
            description = "The transaction's id, or that of one of its savepoints; without it, all at a glance.")
    private @Nullable Long xid;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "At a glance, show the N biggest, longest and so on (default 5).",
            defaultValue = "5")
    private int most;

    @Option(names = "--json", description = "One JSON object a line for the transaction and each of its savepoints.")
    private boolean json;

    private final Console console;

    public TxnCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    @Override
    public Integer call() {
        if (most < 1) {
            throw new UsageException("--top: expected 1 or more, found " + most);
        }
        Long asked = xid;
        return asked == null ? overview() : tree(asked);
    }

    private int overview() {
        TransactionOverview overview = new TransactionOverview(most);
        read(overview::add);
        if (json) {
            overview.printJson(console);
        } else {
            overview.print(console);
        }
        return ExitCode.DONE;
    }

    private void read(Consumer<TransactionTree> finished) {
        TransactionTrees trees = new TransactionTrees(finished, gap -> console.error("cairn: " + gap));
        LogDirectory.open(directory).read(trees);
        trees.end();
    }

    private int tree(long wanted) {
        List<TransactionTree> found = new ArrayList<>();
        read(tree -> {
            if (tree.branch(wanted) != null) {
                found.add(tree);
            }
        });
        for (TransactionTree tree : found) {
            if (json) {
                printJson(tree, tree.top());
            } else {
                TreeText.lines(tree, MOST_CHILDREN, this::paint).forEach(console::line);
            }
        }
        if (found.isEmpty()) {
            console.error("cairn: the log that is left names no transaction " + wanted);
            return ExitCode.FAILED;
        }
        return ExitCode.DONE;
    }

    private String paint(TransactionTree.Fate fate, String words) {
        return switch (fate) {
            case COMMITTED -> console.tinted(words, Console.Tint.GOOD);
            case ROLLED_BACK, LOST -> console.tinted(words, Console.Tint.BAD);
            case OPEN -> words;
        };
    }

    private void printJson(TransactionTree tree, Branch branch) {
        JsonObject line = new JsonObject()
                .put("xid", branch.xid())
                .put("top", tree.xid())
                .put("parent", branch.parent() == null ? 0 : branch.parent().xid())
                .put("level", branch.level())
                .put("name", branch.name())
                .put("fate", tree.fate(branch).name())
                .put("ending", branch.ending().name())
                .put("sqlstate", branch.sqlState())
                .put("inserted", branch.inserted())
                .put("updated", branch.updated())
                .put("deleted", branch.deleted())
                .put("bytes", branch.bytes())
                .put("micros", branch.micros());
        if (branch == tree.top()) {
            line.put("end", Lsn.format(tree.endLsn())).put("whole", tree.isWhole());
        }
        console.line(line.toString());
        branch.children().forEach(child -> printJson(tree, child));
    }
}
