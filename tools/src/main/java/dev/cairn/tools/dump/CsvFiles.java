package dev.cairn.tools.dump;

import dev.cairn.engine.Row;
import dev.cairn.storage.base.Lsn;
import dev.cairn.tools.console.UsageException;
import dev.cairn.tools.log.JsonObject;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A directory with a CSV file for each table, and {@value #DEFINITIONS} that defines them: lines as {@link JsonDump} has them,
 * with the file's name. The definitions' last line is written last. Not thread-safe.
 */
final class CsvFiles implements DumpWriter {

    static final String DEFINITIONS = "tables.ndjson";

    private final Path directory;
    private final PrintStream definitions;
    private PrintStream out;
    private CsvDump table;
    private int tables;

    /** @throws UsageException unless the directory is absent or empty */
    CsvFiles(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> entries = Files.list(directory)) {
            if (entries.findAny().isPresent()) {
                throw new UsageException("--to: expected an absent or empty directory, found " + directory);
            }
        }
        this.directory = directory;
        this.definitions = open(DEFINITIONS);
        this.out = definitions;
        this.table = new CsvDump(definitions);
    }

    private PrintStream open(String name) {
        try {
            return new PrintStream(
                    new java.io.BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16),
                    false,
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void begin(String database, long lsn) {
        definitions.print(new JsonObject()
                        .put("cairn_dump", JsonDump.VERSION)
                        .put("database", database)
                        .put("lsn", Lsn.format(lsn))
                + "\n");
    }

    @Override
    public void beginTable(Definition definition) {
        String file = ++tables + "-" + definition.name().replaceAll("[^A-Za-z0-9_]", "_") + ".csv";
        definitions.print(JsonDump.define(definition).put("file", file) + "\n");
        out = open(file);
        table = new CsvDump(out);
        table.beginTable(definition);
    }

    @Override
    public void row(Row row) {
        table.row(row);
    }

    @Override
    public void endTable() {
        close(out);
    }

    @Override
    public void end(long count, long rows) {
        definitions.print(
                new JsonObject().put("end", "dump").put("tables", count).put("rows", rows) + "\n");
        close(definitions);
    }

    private void close(PrintStream stream) {
        stream.close();
        if (stream.checkError()) {
            throw new UncheckedIOException(new IOException("a file in " + directory + " could not be written"));
        }
    }
}
