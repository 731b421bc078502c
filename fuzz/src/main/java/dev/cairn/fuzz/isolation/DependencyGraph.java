package dev.cairn.fuzz.isolation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who comes before whom, and why; finds cycles and says what they are. Not thread-safe. */
final class DependencyGraph {

    /** Why one transaction comes before another. */
    enum Kind {
        WW,
        WR,
        RW,
        /** rw of a list that was not there when it was read. */
        RW_PREDICATE;

        boolean isRw() {
            return this == RW || this == RW_PREDICATE;
        }
    }

    /** {@code from} comes before {@code to} because of the list of {@code key}. */
    record Edge(int from, int to, Kind kind, long key) {
        @Override
        public String toString() {
            return "T" + from + " -" + kind + " of " + key + "-> T" + to;
        }
    }

    private final Map<Integer, List<Edge>> out = new HashMap<>();
    private final List<Edge> edges = new ArrayList<>();

    void add(int from, int to, Kind kind, long key) {
        Edge edge = new Edge(from, to, kind, key);
        if (from != to && !out.getOrDefault(from, List.of()).contains(edge)) {
            out.computeIfAbsent(from, none -> new ArrayList<>()).add(edge);
            edges.add(edge);
        }
    }

    List<Edge> edges() {
        return edges;
    }

    /** The worst of each cycle: what an edge closes with the least others. */
    void findCycles(Consumer<Violation> found) {
        for (Edge edge : edges) {
            List<Edge> flow = path(edge.to, edge.from, other -> !other.kind.isRw());
            if (edge.kind == Kind.WW) {
                report(edge, path(edge.to, edge.from, other -> other.kind == Kind.WW), Anomaly.G0, found);
            } else if (edge.kind == Kind.WR) {
                report(edge, flow, Anomaly.G1C, found);
            } else if (flow != null) {
                boolean sameKey = flow.size() == 1 && flow.get(0).kind == Kind.WW && flow.get(0).key == edge.key;
                report(edge, flow, sameKey ? Anomaly.LOST_UPDATE : Anomaly.G_SINGLE, found);
            } else {
                List<Edge> items = edge.kind == Kind.RW
                        ? path(edge.to, edge.from, other -> other.kind != Kind.RW_PREDICATE)
                        : null;
                report(edge, items, Anomaly.G2_ITEM, found);
                if (items == null) {
                    report(edge, path(edge.to, edge.from, other -> true), Anomaly.G2, found);
                }
            }
        }
    }

    private static void report(Edge edge, @Nullable List<Edge> back, Anomaly anomaly, Consumer<Violation> found) {
        if (back != null) {
            found.accept(new Violation(anomaly, edge + ", " + back));
        }
    }

    /** The shortest way by such edges; null if there is none. */
    private @Nullable List<Edge> path(int from, int to, Predicate<Edge> by) {
        Map<Integer, Edge> cameBy = new HashMap<>();
        ArrayDeque<Integer> next = new ArrayDeque<>(List.of(from));
        while (!next.isEmpty()) {
            int at = next.remove();
            for (Edge edge : out.getOrDefault(at, List.of())) {
                if (by.test(edge) && edge.to != from && cameBy.putIfAbsent(edge.to, edge) == null) {
                    if (edge.to == to) {
                        return way(from, to, cameBy);
                    }
                    next.add(edge.to);
                }
            }
        }
        return null;
    }

    private static List<Edge> way(int from, int to, Map<Integer, Edge> cameBy) {
        List<Edge> way = new ArrayList<>();
        int at = to;
        while (at != from) {
            Edge edge = cameBy.get(at);
            if (edge == null) {
                throw new IllegalStateException("no way back from T" + at);
            }
            way.add(edge);
            at = edge.from;
        }
        Collections.reverse(way);
        return way;
    }
}
