package dev.cairn.fuzz.workload;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.Durability;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which rows an update or delete has to change while others commit: what PostgreSQL changes. */
class SharedViewTest {

    private static final String TABLE = StepSource.SHARED;

    private final SharedModel model = new SharedModel(2);
    private final SharedTransaction mine = new SharedTransaction();
    private final SharedView view = new SharedView(model, 0, false);

    @BeforeEach
    void rowsOneToThree() {
        commit(new Change.Create(TABLE), insert(1), insert(2), insert(3));
    }

    @Test
    void allThatIsSeenIsChangedAndNothingElse() {
        view.beginStatement();
        assertTrue(changes(view, 1, 2, 3));
        assertFalse(changes(view, 1, 2));
        assertFalse(changes(view, 1, 2, 3, 4));
    }

    @Test
    void aRowInsertedMeanwhileMayBeSeenOrNot() {
        view.beginStatement();
        commit(insert(4));
        assertTrue(changes(view, 1, 2, 3));
        assertTrue(changes(view, 1, 2, 3, 4));
        view.beginStatement();
        assertFalse(changes(view, 1, 2, 3), "it was there before the statement");
    }

    @Test
    void aRowDeletedMeanwhileIsPassedOver() {
        view.beginStatement();
        commit(new Change.Delete(TABLE, 2));
        assertTrue(changes(view, 1, 3));
        assertFalse(changes(view, 1));
        assertFalse(changes(view, 1, 2, 3));
    }

    /** Seeds 124 and 135 of races: the old row is gone, and the new one is in no snapshot that shows the old one. */
    @Test
    void aRowReplacedMeanwhileByOneOfTheSameKeyIsPassedOver() {
        view.beginStatement();
        commit(new Change.Delete(TABLE, 2), insert(2));
        assertTrue(changes(view, 1, 3), "the old one was seen");
        assertTrue(changes(view, 1, 2, 3), "the new one was seen");
        assertFalse(changes(view, 3));
        view.beginStatement();
        assertFalse(changes(view, 1, 3), "the new one was there before the statement");
    }

    /** The key comes back in a commit of its own. */
    @Test
    void aKeyThatComesBackIsNotTheRowThatWasSeen() {
        view.beginStatement();
        commit(new Change.Delete(TABLE, 2));
        commit(insert(2), insert(4));
        assertTrue(changes(view, 1, 3));
        assertTrue(changes(view, 1, 2, 3, 4));
        assertFalse(changes(view, 1, 2, 3), "whoever sees the new 2 sees 4 as well");
        assertFalse(changes(view, 1, 3, 4));
    }

    /** Its deletion may count as not yet visible, but the one that the transaction has put there is not deleted by it. */
    @Test
    void aRowOfItsOwnIsNeverPassedOver() {
        view.beginStatement();
        commit(new Change.Delete(TABLE, 2));
        mine.add(insert(2));
        assertTrue(changes(view, 1, 2, 3));
        assertFalse(changes(view, 1, 3));
        mine.add(new Change.Delete(TABLE, 2));
        assertTrue(changes(view, 1, 3));
    }

    @Test
    void whoKeepsHisSnapshotPassesNothingOver() {
        SharedView kept = new SharedView(model, 0, true);
        kept.beginStatement();
        assertTrue(changes(kept, 1, 2, 3), "from here on the snapshot is known");
        commit(new Change.Delete(TABLE, 2), insert(2));
        assertFalse(changes(kept, 1, 3), "that is an error instead");
    }

    private boolean changes(SharedView of, long... keys) {
        return of.changes(mine, TABLE, key -> true, LongStream.of(keys).boxed().collect(Collectors.toSet()));
    }

    private static Change insert(long key) {
        return new Change.Insert(TABLE, key, new RowValue(1, 5));
    }

    private void commit(Change... changes) {
        model.beginCommit(1, Arrays.asList(changes));
        model.appended(1);
        model.acknowledged(1, Durability.SYNC);
    }
}
