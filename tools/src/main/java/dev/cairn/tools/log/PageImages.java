package dev.cairn.tools.log;

import dev.cairn.tools.console.UsageException;
import dev.cairn.wal.LoggedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Saves the page images that records carry, each in a file {@code LSN-FILE-PAGE.page}. Not thread-safe. */
final class PageImages {

    private final Path directory;

    /** @throws UsageException if there is something else of this name */
    PageImages(Path directory, Path database) {
        try {
            Files.createDirectories(directory);
            if (directory.toRealPath().startsWith(database.toRealPath())) {
                throw new UsageException(
                        "--page-images: expected a directory outside the database, found " + directory);
            }
        } catch (IOException e) {
            throw new UsageException("--page-images: " + directory + " cannot be made a directory: " + e.getMessage());
        }
        this.directory = directory;
    }

    void save(LoggedRecord record) {
        for (int i = 0; i < record.record().pageCount(); i++) {
            byte[] image = record.image(i);
            if (image != null) {
                String name = String.format(
                        Locale.ROOT,
                        "%016x-%d-%d.page",
                        record.start(),
                        record.record().fileId(),
                        record.record().pageNo(i));
                try {
                    Files.write(directory.resolve(name), image);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }
}
