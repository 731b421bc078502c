package dev.cairn.sql;

import dev.cairn.sql.StatementResult.ResultColumn;
import dev.cairn.sql.type.TextOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** psql's aligned tables, byte for byte: border 1, ASCII lines, no pager, NULL as the empty string. */
public final class PsqlFormat {

    private static final int TAB = 8;

    private PsqlFormat() {}

    /** The table, its footer and the empty line after it. */
    public static String table(StatementResult result) {
        List<ResultColumn> columns = result.columns();
        if (columns == null) {
            throw new IllegalArgumentException("the statement returns no rows: " + result.tag());
        }
        StringBuilder out = new StringBuilder();
        int count = columns.size();
        Cell[] header = new Cell[count];
        int[] widths = new int[count];
        boolean[] right = new boolean[count];
        for (int i = 0; i < count; i++) {
            header[i] = Cell.of(columns.get(i).name());
            widths[i] = header[i].width();
            right[i] = columns.get(i).type().alignsRight();
        }
        List<Cell[]> cells = new ArrayList<>(result.rows().size());
        for (@Nullable Object[] row : result.rows()) {
            Cell[] line = new Cell[count];
            for (int i = 0; i < count; i++) {
                Object value = row[i];
                line[i] = Cell.of(
                        value == null ? "" : TextOutput.of(columns.get(i).type(), value));
                widths[i] = Math.max(widths[i], line[i].width());
            }
            cells.add(line);
        }
        appendHeader(out, header, widths);
        cells.forEach(line -> appendRow(out, line, widths, right));
        out.append('(').append(cells.size()).append(cells.size() == 1 ? " row)\n\n" : " rows)\n\n");
        return out.toString();
    }

    private static void appendHeader(StringBuilder out, Cell[] header, int[] widths) {
        int lines =
                Arrays.stream(header).mapToInt(cell -> cell.lines.size()).max().orElse(0);
        for (int n = 0; n < lines; n++) {
            for (int i = 0; i < header.length; i++) {
                boolean more = n + 1 < header[i].lines.size();
                out.append(' ');
                if (n < header[i].lines.size()) {
                    int gap = widths[i] - header[i].widths.get(n);
                    pad(out, gap / 2).append(header[i].lines.get(n));
                    pad(out, (gap + 1) / 2);
                } else {
                    pad(out, widths[i]);
                }
                out.append(more ? '+' : ' ');
                if (i < header.length - 1) {
                    out.append('|');
                }
            }
            out.append('\n');
        }
        if (header.length == 0) {
            out.append("--");
        }
        for (int i = 0; i < header.length; i++) {
            out.append(i == 0 ? "-" : "+-").append("-".repeat(widths[i])).append('-');
        }
        out.append('\n');
    }

    private static void appendRow(StringBuilder out, Cell[] row, int[] widths, boolean[] right) {
        int lines = Arrays.stream(row).mapToInt(cell -> cell.lines.size()).max().orElse(0);
        for (int n = 0; n < lines; n++) {
            for (int i = 0; i < row.length; i++) {
                boolean last = i == row.length - 1;
                boolean present = n < row[i].lines.size();
                boolean more = n + 1 < row[i].lines.size();
                out.append(' ');
                int gap = present ? widths[i] - row[i].widths.get(n) : widths[i];
                if (present && right[i]) {
                    pad(out, gap).append(row[i].lines.get(n));
                } else if (present) {
                    out.append(row[i].lines.get(n));
                    pad(out, !last || more ? gap : 0);
                } else {
                    pad(out, last ? 0 : gap);
                }
                if (more) {
                    out.append('+');
                } else if (!last) {
                    out.append(' ');
                }
                if (!last) {
                    out.append('|');
                }
            }
            out.append('\n');
        }
    }

    private static StringBuilder pad(StringBuilder out, int spaces) {
        return out.append(" ".repeat(spaces));
    }

    /** A value cut into lines, control characters made visible, each with its width on a terminal. */
    private static final class Cell {
        private final List<String> lines = new ArrayList<>();
        private final List<Integer> widths = new ArrayList<>();
        private final StringBuilder line = new StringBuilder();
        private int width;

        static Cell of(String value) {
            Cell cell = new Cell();
            value.codePoints().forEach(cell::add);
            cell.endLine();
            return cell;
        }

        private void add(int c) {
            if (c == '\n') {
                endLine();
            } else if (c == '\t') {
                int spaces = TAB - width % TAB;
                line.append(" ".repeat(spaces));
                width += spaces;
            } else if (c == '\r') {
                literal("\\r");
            } else if (c < 0x20 || c == 0x7F) {
                literal(String.format("\\x%02X", c));
            } else if (DisplayWidth.of(c) < 0) {
                literal(String.format("\\u%04X", c));
            } else {
                line.appendCodePoint(c);
                width += DisplayWidth.of(c);
            }
        }

        private void literal(String text) {
            line.append(text);
            width += text.length();
        }

        private void endLine() {
            lines.add(line.toString());
            widths.add(width);
            line.setLength(0);
            width = 0;
        }

        int width() {
            return widths.stream().mapToInt(Integer::intValue).max().orElse(0);
        }
    }
}
