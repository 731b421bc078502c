package dev.cairn.fuzz.fault;

import dev.cairn.fuzz.disk.OperationType;
import dev.cairn.fuzz.fault.FaultClass.Inapplicable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** How often each class of fault has befallen each type of operation. Used by one thread. */
public final class FaultMatrix {

    /** A class of fault and the operation that it befalls. */
    record Cell(OperationType type, FaultClass fault) {
        @Override
        public String toString() {
            return fault.title() + " at " + type.title();
        }
    }

    private static final List<Cell> APPLICABLE = applicable();

    private final long[][] counts = new long[OperationType.values().length][FaultClass.values().length];

    private static List<Cell> applicable() {
        List<Cell> cells = new ArrayList<>();
        for (FaultClass fault : FaultClass.values()) {
            for (OperationType type : OperationType.values()) {
                if (fault.inapplicable(type) == null) {
                    cells.add(new Cell(type, fault));
                }
            }
        }
        return List.copyOf(cells);
    }

    /** All cells that can be filled. */
    static List<Cell> cells() {
        return APPLICABLE;
    }

    void count(Cell cell) {
        counts[cell.type().ordinal()][cell.fault().ordinal()]++;
    }

    /** Adds the other's counts. */
    public void add(FaultMatrix other) {
        for (Cell cell : APPLICABLE) {
            counts[cell.type().ordinal()][cell.fault().ordinal()] += other.count(cell.type(), cell.fault());
        }
    }

    /** A line {@code fault FAULT OPERATION COUNT} for each cell that is filled, for {@link #add(String)}. */
    public List<String> lines() {
        return APPLICABLE.stream()
                .filter(cell -> count(cell.type(), cell.fault()) > 0)
                .map(cell -> "fault " + cell.fault() + " " + cell.type() + " " + count(cell.type(), cell.fault()))
                .toList();
    }

    /**
     * Adds what another process counted.
     *
     * @throws IllegalArgumentException if the line is none of {@link #lines}
     */
    public void add(String line) {
        String[] words = line.split(" ", -1);
        if (words.length != 4 || !words[0].equals("fault")) {
            throw new IllegalArgumentException("expected: fault FAULT OPERATION COUNT, found: " + line);
        }
        FaultClass fault = FaultClass.valueOf(words[1]);
        counts[OperationType.valueOf(words[2]).ordinal()][fault.ordinal()] += Long.parseLong(words[3]);
    }

    long count(OperationType type, FaultClass fault) {
        return counts[type.ordinal()][fault.ordinal()];
    }

    /** All faults that have happened. */
    public long total() {
        return APPLICABLE.stream()
                .mapToLong(cell -> count(cell.type(), cell.fault()))
                .sum();
    }

    /** Cells that could have been filled and were not, for people. */
    public List<String> empty() {
        return APPLICABLE.stream()
                .filter(cell -> count(cell.type(), cell.fault()) == 0)
                .map(Cell::toString)
                .toList();
    }

    /** As a Markdown table: a row for each type of operation, a letter instead of a number where a fault makes no sense. */
    public String markdown() {
        StringBuilder text = new StringBuilder("| |");
        for (FaultClass fault : FaultClass.values()) {
            text.append(' ').append(fault.title()).append(" |");
        }
        text.append("\n|---|")
                .append("---:|".repeat(FaultClass.values().length))
                .append('\n');
        Set<Inapplicable> used = EnumSet.noneOf(Inapplicable.class);
        for (OperationType type : OperationType.values()) {
            text.append("| ").append(type.title()).append(" |");
            for (FaultClass fault : FaultClass.values()) {
                Inapplicable reason = fault.inapplicable(type);
                if (reason != null) {
                    used.add(reason);
                }
                text.append(' ')
                        .append(reason == null ? Long.toString(count(type, fault)) : letter(reason))
                        .append(" |");
            }
            text.append('\n');
        }
        text.append('\n');
        List<String> reasons = new ArrayList<>();
        used.forEach(reason -> reasons.add(letter(reason) + ": " + reason.reason()));
        return text.append(String.join("; ", reasons)).append(".\n").toString();
    }

    private static String letter(Inapplicable reason) {
        return String.valueOf((char) ('a' + reason.ordinal()));
    }
}
