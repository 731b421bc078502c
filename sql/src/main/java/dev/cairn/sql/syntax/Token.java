package dev.cairn.sql.syntax;

/**
 * A token of SQL.
 *
 * @param text a word in lower case; a quoted identifier, string or dollar-quoted string decoded; all else as written
 * @param start offset of its first character in the source
 * @param end offset after its last
 */
public record Token(Kind kind, String text, int start, int end) {

    /** Kinds of tokens. WORD is an identifier or keyword without quotes. */
    public enum Kind {
        WORD,
        QUOTED,
        STRING,
        NUMBER,
        PARAMETER,
        OPERATOR,
        END
    }

    /** Whether this is the word, given in lower case. */
    public boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    public boolean isOperator(String operator) {
        return kind == Kind.OPERATOR && text.equals(operator);
    }

    /** Whether this can name something: quoted, or a word. */
    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED;
    }
}
