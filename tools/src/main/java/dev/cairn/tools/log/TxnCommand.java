package dev.cairn.tools.log;

import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.Console;
import dev.cairn.tools.console.ExitCode;
import dev.cairn.tools.log.TransactionTree.Branch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code cairn txn}. */
@Command(
        name = "txn",
        mixinStandardHelpOptions = true,
        description = "Draw a transaction as the tree of its savepoints, each with its fate. Reads the log only.",
        footer = {"", "Example: cairn txn /tmp/db 57"})
public final class TxnCommand implements Callable<Integer> {

    private static final int MOST_CHILDREN = 50;

    @Parameters(index = "0", paramLabel = "DIR", description = "The database's directory.")
    private Path directory;

    @Parameters(
            index = "1",
            paramLabel = "XID",
            description = "The transaction's id, or that of one of its savepoints.")
    private long xid;

    @Option(names = "--json", description = "One JSON object a line for the transaction and each of its savepoints.")
    private boolean json;

    private final Console console;

    public TxnCommand(Console console) {
        this.console = console;
        this.directory = Path.of("");
    }

    @Override
    public Integer call() {
        List<TransactionTree> found = new ArrayList<>();
        TransactionTrees trees = new TransactionTrees(tree -> {
            if (tree.branch(xid) != null) {
                found.add(tree);
            }
        });
        LogDirectory.open(directory).forEach(trees);
        trees.end();
        for (TransactionTree tree : found) {
            if (json) {
                printJson(tree, tree.top());
            } else {
                TreeText.lines(tree, MOST_CHILDREN).forEach(console::line);
            }
        }
        if (found.isEmpty()) {
            console.error("cairn: the log that is left names no transaction " + xid);
            return ExitCode.FAILED;
        }
        return ExitCode.DONE;
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
