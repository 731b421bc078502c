package dev.cairn.fuzz.conformance;

import dev.cairn.sql.SqlSession;
import dev.cairn.sql.StatementResult;
import dev.cairn.storage.base.TransactionException;
import dev.cairn.txn.SubxactCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A session that is given the steps' SQL. */
final class SqlStepSession implements ReplaySession {

    private static final Set<String> WITH_TAG = Set.of("commit", "rollback");

    private final SqlSession session;

    SqlStepSession(SqlSession session) {
        this.session = session;
    }

    @Override
    public String label() {
        return session.label();
    }

    @Override
    public Expected execute(Step step) {
        Expected outcome = Expected.NOTHING;
        List<StatementResult> results = new ArrayList<>();
        try {
            if (step.op().equals("stats")) {
                SubxactCounters counters = session.counters();
                outcome = Expected.NOTHING.withStats(List.of((long) counters.count(), counters.overflowed()));
            }
            session.execute(step.sql(), results::add);
            for (StatementResult result : results) {
                outcome = outcome(step, result);
            }
        } catch (TransactionException e) {
            outcome = Expected.error(e.sqlState());
            for (StatementResult result : results) {
                outcome = outcome.withWarning(warning(result));
            }
        }
        return outcome.withStatus(
                switch (session.state()) {
                    case IDLE -> "idle";
                    case IN_TRANSACTION -> "tx";
                    case FAILED -> "failed";
                });
    }

    private static Expected outcome(Step step, StatementResult result) {
        Expected outcome = Expected.NOTHING;
        if (result.columns() != null) {
            outcome = Expected.rows(rows(result));
        } else if (WITH_TAG.contains(step.op())) {
            outcome = outcome.withTag(result.tag());
        } else if (step.has("table")) {
            String tag = result.tag();
            outcome = Expected.count(Long.parseLong(tag.substring(tag.lastIndexOf(' ') + 1)));
        }
        return outcome.withWarning(warning(result));
    }

    private static @Nullable String warning(StatementResult result) {
        return result.notices().stream()
                .filter(notice -> notice.severity().equals("WARNING"))
                .map(StatementResult.Notice::sqlState)
                .findFirst()
                .orElse(null);
    }

    private static List<List<@Nullable Long>> rows(StatementResult result) {
        List<List<@Nullable Long>> rows = new ArrayList<>();
        for (@Nullable Object[] values : result.rows()) {
            List<@Nullable Long> row = new ArrayList<>();
            for (Object value : values) {
                row.add(value == null ? null : ((Number) value).longValue());
            }
            rows.add(row);
        }
        return rows;
    }

    @Override
    public void rollback() {
        if (session.state() != SqlSession.State.IDLE) {
            session.execute("ROLLBACK");
        }
    }
}
