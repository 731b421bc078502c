package dev.cairn.storage.format;

import java.util.ArrayList;
import java.util.List;

/**
 * The bits of a field of flags, from the lowest: each is declared once, with what it means. Declared while its class is being loaded,
 * read by anybody after.
 */
public final class FlagBits {

    /** One bit, as its mask. */
    public record Bit(String name, int mask, String meaning) {}

    private final List<Bit> bits = new ArrayList<>();

    /** Declares the next bit and returns its mask. */
    public int next(String name, String meaning) {
        Bit bit = new Bit(name, 1 << bits.size(), meaning);
        bits.add(bit);
        return bit.mask();
    }

    /** All bits declared so far. */
    public int all() {
        return (1 << bits.size()) - 1;
    }

    /** From the lowest. */
    public List<Bit> bits() {
        return List.copyOf(bits);
    }

    /** As a table in Markdown. */
    public String table() {
        StringBuilder table = new StringBuilder("| bit | name | meaning |\n|---:|---|---|\n");
        for (Bit bit : bits) {
            table.append("| ")
                    .append(bit.mask())
                    .append(" | ")
                    .append(bit.name())
                    .append(" | ")
                    .append(bit.meaning())
                    .append(" |\n");
        }
        return table.toString();
    }
}
