package dev.cairn.sql.syntax;

import dev.cairn.sql.type.SqlErrors;
import java.util.List;
import java.util.Set;

/** What may stand between EXPLAIN and the statement. There are no costs, so that most of it says nothing new. Stateless. */
final class ExplainOptions {

    private static final Set<String> NAMES =
            Set.of("analyze", "verbose", "costs", "settings", "buffers", "wal", "timing", "summary", "format");
    private static final Set<String> OFF = Set.of("off", "false", "0");

    private ExplainOptions() {}

    /**
     * Where the statement begins.
     *
     * @throws dev.cairn.storage.base.TransactionException 42601 for an option that there is not, 0A000 for ANALYZE and for
     *     other formats than text
     */
    static int end(List<Token> tokens) {
        boolean query = tokens.get(Math.min(2, tokens.size() - 1)).isWord("select")
                || tokens.get(Math.min(2, tokens.size() - 1)).isWord("with")
                || tokens.get(Math.min(2, tokens.size() - 1)).isWord("values")
                || tokens.get(Math.min(2, tokens.size() - 1)).isOperator("(");
        if (tokens.get(1).isOperator("(") && !query) {
            return list(tokens);
        }
        int at = 1;
        if (tokens.get(at).isWord("analyze") || tokens.get(at).isWord("analyse")) {
            throw SqlErrors.notSupported("EXPLAIN ANALYZE");
        }
        return tokens.get(at).isWord("verbose") ? at + 1 : at;
    }

    private static int list(List<Token> tokens) {
        int at = 1;
        do {
            at++;
            String name = tokens.get(at).text();
            if (!tokens.get(at).isName()) {
                throw Lexer.syntaxError(name, "syntax error");
            }
            if (!NAMES.contains(name)) {
                throw SqlErrors.syntax("unrecognized EXPLAIN option \"" + name + "\"");
            }
            at++;
            String value = "on";
            if (!tokens.get(at).isOperator(",") && !tokens.get(at).isOperator(")")) {
                value = tokens.get(at++).text();
            }
            if (name.equals("analyze") && !OFF.contains(value)) {
                throw SqlErrors.notSupported("EXPLAIN ANALYZE");
            }
            if (name.equals("format") && !value.equals("text")) {
                throw SqlErrors.notSupported("EXPLAIN in another format than text");
            }
        } while (tokens.get(at).isOperator(","));
        if (!tokens.get(at).isOperator(")")) {
            throw Lexer.syntaxError(tokens.get(at).text(), "syntax error");
        }
        return at + 1;
    }
}
