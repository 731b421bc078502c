package dev.cairn.fuzz.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.txn.IsolationLevel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Histories made by hand, one for each anomaly. The values of transaction n are n000, n001 and so on. */
class IsolationCheckerTest {

    private final History history = new History();
    private final Map<Long, List<Long>> contents = new TreeMap<>();

    private Recorded begin() {
        return history.begin(IsolationLevel.SERIALIZABLE);
    }

    private static long append(Recorded by, long key) {
        long value = by.newValue();
        by.appended(key, value);
        return value;
    }

    private static void read(Recorded by, long key, Long... values) {
        by.read(key, key, values.length == 0 ? Map.of() : Map.of(key, Arrays.asList(values)));
    }

    private static void commit(Recorded... all) {
        for (Recorded one : all) {
            one.committing();
            one.ended(true);
        }
    }

    private void finds(Anomaly... expected) {
        Set<Anomaly> found = new IsolationChecker(history, contents)
                .check().stream().map(Violation::anomaly).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(new TreeSet<>(Arrays.asList(expected)), found);
    }

    @Test
    void aSerialHistoryHoldsNone() {
        Recorded first = begin();
        read(first, 1);
        long a = append(first, 1);
        read(first, 1, a);
        commit(first);
        Recorded second = begin();
        read(second, 1, a);
        second.savepoint();
        long gone = append(second, 1);
        read(second, 1, a, gone);
        second.rolledBackTo();
        read(second, 1, a);
        second.released();
        long b = append(second, 1);
        commit(second);
        contents.put(1L, List.of(a, b));
        finds();
    }

    @Test
    void aWriteThatIsGoneIsLost() {
        Recorded tx = begin();
        append(tx, 1);
        commit(tx);
        finds(Anomaly.LOST_WRITE);
    }

    @Test
    void whatWasRolledBackMustNotBeRead() {
        Recorded writer = begin();
        writer.savepoint();
        long undone = append(writer, 1);
        writer.rolledBackTo();
        Recorded reader = begin();
        read(reader, 1, undone);
        commit(writer, reader);
        finds(Anomaly.G1A);
    }

    @Test
    void itsOwnUndoneWorkIsNotThere() {
        Recorded tx = begin();
        tx.savepoint();
        long undone = append(tx, 1);
        tx.rolledBackTo();
        read(tx, 1, undone);
        commit(tx);
        finds(Anomaly.INTERNAL);
    }

    @Test
    void halfOfATransactionIsAnIntermediateRead() {
        Recorded writer = begin();
        long a = append(writer, 1);
        long b = append(writer, 1);
        commit(writer);
        Recorded reader = begin();
        read(reader, 1, a);
        commit(reader);
        contents.put(1L, List.of(a, b));
        finds(Anomaly.G1B, Anomaly.G_SINGLE, Anomaly.REAL_TIME);
    }

    @Test
    void whatIsNotCommittedYetMustNotBeRead() {
        Recorded writer = begin();
        Recorded reader = begin();
        long a = append(writer, 1);
        read(reader, 1, a);
        commit(writer, reader);
        contents.put(1L, List.of(a));
        finds(Anomaly.G1B);
    }

    @Test
    void writersInARing() {
        Recorded first = begin();
        Recorded second = begin();
        long a = append(first, 1);
        long b = append(second, 1);
        long c = append(second, 2);
        long d = append(first, 2);
        commit(first, second);
        contents.put(1L, List.of(a, b));
        contents.put(2L, List.of(c, d));
        finds(Anomaly.G0);
    }

    @Test
    void aLostUpdateAndASkew() {
        Recorded first = begin();
        Recorded second = begin();
        read(first, 1);
        read(second, 1);
        long a = append(first, 1);
        long b = append(second, 1);
        commit(first, second);
        contents.put(1L, List.of(a, b));
        finds(Anomaly.LOST_UPDATE);
    }

    @Test
    void readSkew() {
        Recorded reader = begin();
        Recorded writer = begin();
        read(reader, 1);
        long a = append(writer, 1);
        long b = append(writer, 2);
        commit(writer);
        read(reader, 2, b);
        commit(reader);
        contents.put(1L, List.of(a));
        contents.put(2L, List.of(b));
        finds(Anomaly.G_SINGLE);
    }

    @Test
    void writeSkewOfListsAndOfPhantoms() {
        Recorded setUp = begin();
        long x = append(setUp, 1);
        long y = append(setUp, 2);
        commit(setUp);
        Recorded first = begin();
        Recorded second = begin();
        read(first, 2, y);
        read(second, 1, x);
        long a = append(first, 1);
        long b = append(second, 2);
        Recorded third = begin();
        Recorded fourth = begin();
        third.read(3, 4, Map.of());
        fourth.read(3, 4, Map.of());
        long c = append(third, 3);
        long d = append(fourth, 4);
        commit(first, second, third, fourth);
        contents.putAll(Map.of(1L, List.of(x, a), 2L, List.of(y, b), 3L, List.of(c), 4L, List.of(d)));
        finds(Anomaly.G2_ITEM, Anomaly.G2);
    }

    @Test
    void anOldSnapshotIsSeenByTheClock() {
        Recorded writer = begin();
        long a = append(writer, 1);
        commit(writer);
        Recorded reader = begin();
        read(reader, 1);
        commit(reader);
        contents.put(1L, List.of(a));
        finds(Anomaly.REAL_TIME);
    }

    @Test
    void aCommitInDoubtIsWholeOrNot() {
        Recorded tx = begin();
        long a = append(tx, 1);
        append(tx, 2);
        tx.committing();
        history.crashed();
        finds();
        contents.put(1L, List.of(a));
        finds(Anomaly.LOST_WRITE);
    }

    @Test
    void readsThatContradictEachOtherAreNamed() {
        Recorded first = begin();
        long a = append(first, 1);
        Recorded second = begin();
        long b = append(second, 1);
        commit(first, second);
        Recorded reader = begin();
        read(reader, 1, b);
        commit(reader);
        contents.put(1L, List.of(a, b));
        finds(Anomaly.VERSION_ORDER);
    }
}
