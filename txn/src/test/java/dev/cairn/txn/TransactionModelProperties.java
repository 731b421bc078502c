package dev.cairn.txn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.TransactionModel.Level;
import dev.cairn.txn.TransactionModel.Seen;
import dev.cairn.txn.TransactionModel.Top;
import dev.cairn.txn.TransactionModel.Version;
import dev.cairn.wal.Durability;
import dev.cairn.wal.record.WalRecord;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Random programs of three sessions, compared after every step with the model. */
class TransactionModelProperties {

    private static final int SESSIONS = 3;
    private static final int CACHE = 3;
    private static final String[] NAMES = {"a", "b", "c"};

    private static final class Session {
        Xact xact;
        Top top;
        int seenCommits = -1;
    }

    private final class Run {
        final Store store = Store.withSettings(new TransactionSettings(CACHE, 1));
        final TransactionModel model = new TransactionModel();
        final Session[] sessions = new Session[SESSIONS];

        Run() {
            for (int i = 0; i < SESSIONS; i++) {
                sessions[i] = new Session();
                begin(sessions[i], i);
            }
        }

        void begin(Session session, int draw) {
            session.xact = draw % 2 == 0 ? store.begin() : store.beginRepeatableRead();
            session.top = model.new Top(CACHE);
            session.seenCommits = -1;
        }

        void step(int code) {
            Session session = sessions[code % SESSIONS];
            String name = NAMES[code / SESSIONS % NAMES.length];
            int op = code / SESSIONS / NAMES.length % 16;
            Xact xact = session.xact;
            Top top = session.top;
            if (op <= 9 && top.failed && op != 9) {
                assertEquals(
                        "25P02",
                        assertThrows(TransactionException.class, xact::currentXid)
                                .sqlState());
                return;
            }
            switch (op) {
                case 0, 1, 2 -> {
                    xact.savepoint(name);
                    top.savepoint(name);
                }
                case 3, 4, 5 -> write(session);
                case 6 -> release(session, name);
                case 7 -> look(session);
                case 8 -> {
                    xact.failLevel("22012");
                    top.fail();
                }
                case 9, 10, 11 -> rollbackTo(session, name);
                case 12 -> {
                    commit(session);
                    begin(session, code);
                }
                case 13 -> {
                    xact.rollback(null);
                    top.rollback();
                    begin(session, code);
                }
                default -> write(session);
            }
        }

        private void write(Session session) {
            Top top = session.top;
            if (top.failed) {
                return;
            }
            List<Level> without =
                    top.stack.stream().filter(level -> level.xid == 0).toList();
            long xid = session.xact.currentXid();
            long next = without.size();
            for (Level level : without) {
                next--;
                long id = xid;
                for (long i = 0; i < next; i++) {
                    id = store.system.subtrans().parent(id);
                }
                top.assigned(level, id);
                assertTrue(level.parent == null || level.parent.xid < id, "I3");
            }
            model.versions.add(new Version(top, top.innermost(), xid, session.xact.writingCommand()));
            session.xact.nextCommand();
        }

        private void release(Session session, String name) {
            int level = session.top.find(name);
            if (level == 0) {
                assertEquals(
                        "3B001",
                        assertThrows(TransactionException.class, () -> session.xact.release(name))
                                .sqlState());
            } else {
                session.xact.release(name);
                session.top.release(level);
            }
        }

        private void rollbackTo(Session session, String name) {
            int level = session.top.find(name);
            if (level == 0) {
                assertEquals(
                        "3B001",
                        assertThrows(TransactionException.class, () -> session.xact.rollbackTo(name))
                                .sqlState());
            } else {
                session.xact.rollbackTo(name);
                session.top.rollbackTo(level);
            }
        }

        private void commit(Session session) {
            boolean wrote = session.top.root.xid != 0;
            long lsn = session.xact.commit(Durability.SYNC);
            assertEquals(wrote && !session.top.failed, lsn > 0);
            if (session.top.failed) {
                session.top.rollback();
            } else {
                session.top.commit();
            }
        }

        private void look(Session session) {
            Xact xact = session.xact;
            xact.beginStatement();
            Snapshot snapshot = xact.statementSnapshot();
            xact.hold(snapshot);
            boolean keeps = xact.isolation().keepsSnapshot();
            if (session.seenCommits < 0 || !keeps) {
                session.seenCommits = model.commits;
            }
            session.top.snapshots.add(new Seen(snapshot, session.seenCommits));
        }

        void check() {
            for (Session session : sessions) {
                assertEquals(session.top.counters(), session.xact.counters());
                assertEquals(session.top.stack.size() - 1, session.xact.depth());
                assertEquals(session.top.failed, session.xact.isFailed());
                for (Version version : model.versions) {
                    assertEquals(model.stateForWriter(version, session.top), store.state(version.xid(), session.xact));
                    boolean mine =
                            version.owner() == session.top && !version.level().isUndone();
                    assertEquals(mine, session.xact.isMine(version.xid()));
                    // After an error at the top level its snapshots are gone.
                    for (Seen seen : session.top.failed ? List.<Seen>of() : session.top.snapshots) {
                        boolean sees = Visibility.isVisible(
                                version.xid(),
                                0,
                                version.command(),
                                0,
                                session.xact,
                                seen.snapshot(),
                                store.system.window());
                        assertEquals(model.isVisible(version, session.top, seen), sees, version::toString);
                    }
                }
            }
        }

        void finish() {
            for (Session session : sessions) {
                commit(session);
            }
            for (Version version : model.versions) {
                boolean committed =
                        version.owner().committedAs > 0 && !version.level().isUndone();
                assertEquals(committed, store.system.status().isCommitted(version.xid()));
            }
            recover();
        }

        /** Redo from the log alone gives the same answers. */
        private void recover() {
            Store again = Store.inline();
            for (FakeLog.Entry entry : store.log.entries()) {
                if (entry.record() instanceof WalRecord.Commit commit) {
                    again.system.redoCommit(entry.xid(), commit.runs());
                } else if (entry.record() instanceof WalRecord.Subabort) {
                    again.system.redoSubabort(entry.xid());
                } else if (entry.record() instanceof WalRecord.Abort) {
                    again.system.redoAbort(entry.xid());
                }
            }
            again.system.restoreAfterRecovery(store.system.xids().nextXid(), store.log.insertLsn());
            Xact reader = again.begin();
            Snapshot snapshot = reader.statementSnapshot();
            for (Version version : model.versions) {
                boolean committed =
                        version.owner().committedAs > 0 && !version.level().isUndone();
                assertEquals(committed, again.sees(reader, snapshot, version.xid()));
                assertFalse(reader.isMine(version.xid()));
            }
        }
    }

    @Property(tries = 400)
    void programsDoWhatTheModelDoes(
            @ForAll @Size(max = 120) List<@IntRange(max = SESSIONS * 3 * 16 - 1) Integer> program) {
        Run run = new Run();
        for (int code : program) {
            run.step(code);
            run.check();
        }
        run.finish();
    }
}
