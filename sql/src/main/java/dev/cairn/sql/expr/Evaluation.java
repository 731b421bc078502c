package dev.cairn.sql.expr;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the expressions of one statement's run may ask for: the session around them, and the values that a subquery takes from
 * the row outside of it. Used by one thread.
 */
public final class Evaluation {

    private static final @Nullable Object[] NONE = {};

    private final SessionInfo session;
    private final @Nullable Object[] parameters;
    private final Map<Object, Object> memory;

    private Evaluation(SessionInfo session, @Nullable Object[] parameters, Map<Object, Object> memory) {
        this.session = session;
        this.parameters = parameters;
        this.memory = memory;
    }

    /** For a statement that begins. */
    public static Evaluation of(SessionInfo session) {
        return new Evaluation(session, NONE, new IdentityHashMap<>());
    }

    /** For a subquery's run with these values from outside. */
    public Evaluation with(@Nullable Object[] values) {
        return new Evaluation(session, values, memory);
    }

    public SessionInfo session() {
        return session;
    }

    @Nullable Object parameter(int index) {
        return parameters[index];
    }

    /** What the key, by its identity, stands for, computed once in a statement. */
    @SuppressWarnings("unchecked")
    public <T> T once(Object key, Supplier<T> value) {
        Object known = memory.get(key);
        if (known == null) {
            known = value.get();
            memory.put(key, known);
        }
        return (T) known;
    }

    /** Sets what the key stands for, until it is set again. */
    public void remember(Object key, Object value) {
        memory.put(key, value);
    }
}
