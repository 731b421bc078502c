package dev.cairn.bench;

import java.io.IOException;
import java.util.List;

/** Something to measure, under a name. Runs on the caller's thread, may start others, leaves none behind. */
public interface Workload {

    String name();

    /** One line for people. */
    String description();

    /** What it can measure side by side: {@code cairn}, and what Cairn is held against. */
    default List<String> engines() {
        return List.of("cairn");
    }

    void run(Cells cells) throws IOException, InterruptedException;
}
