package dev.cairn.storage.format;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renders the on-disk format as Markdown. The same input always gives the same text. */
public final class FormatDoc {

    private FormatDoc() {}

    /**
     * One chapter: a heading, paragraphs of prose, and a structure's fields as a table.
     *
     * @param prose Markdown, may be empty
     */
    public record Section(
            String heading, String prose, @Nullable Layout layout) {

        /** A chapter headed by the structure's name. */
        public static Section of(Layout layout, String prose) {
            return new Section(layout.name(), prose, layout);
        }
    }

    public static String render(String title, List<Section> sections) {
        StringBuilder out = new StringBuilder();
        out.append("# ").append(title).append('\n');
        for (Section section : sections) {
            out.append("\n## ").append(section.heading()).append('\n');
            if (!section.prose().isEmpty()) {
                out.append('\n').append(section.prose().strip()).append('\n');
            }
            if (section.layout() != null) {
                out.append('\n');
                table(out, section.layout());
            }
        }
        return out.toString();
    }

    private static void table(StringBuilder out, Layout layout) {
        out.append("| offset | bytes | type | field | meaning |\n|---:|---:|---|---|---|\n");
        boolean afterVarying = false;
        for (Layout.Field field : layout.fields()) {
            boolean varying = field.kind() == Layout.Kind.VARYING;
            out.append("| ")
                    .append(afterVarying ? "…" : Integer.toString(field.offset()))
                    .append(" | ")
                    .append(varying ? "…" : Integer.toString(field.bytes()))
                    .append(" | ")
                    .append(cell(field.type()))
                    .append(" | `")
                    .append(cell(field.name()))
                    .append("` | ")
                    .append(cell(field.meaning()))
                    .append(" |\n");
            afterVarying |= varying;
        }
        out.append("\nFixed part: ").append(layout.size()).append(" bytes");
        if (layout.start() > 0) {
            out.append(", from ").append(layout.start()).append(" to ").append(layout.end());
        }
        out.append(".\n");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace('\n', ' ');
    }
}
