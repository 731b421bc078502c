package dev.cairn.sql.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cairn.storage.base.TransactionException;
import java.util.List;
import org.junit.jupiter.api.Test;

class LexerTest {

    private static List<String> texts(String sql) {
        return Lexer.tokens(sql).stream()
                .filter(token -> token.kind() != Token.Kind.END)
                .map(Token::text)
                .toList();
    }

    @Test
    void wordsAreFoldedAndQuotedNamesAreNot() {
        assertEquals(List.of("select", "Mixed \"x\"", "from_", "t1"), texts("SELECT \"Mixed \"\"x\"\"\" From_ T1"));
    }

    @Test
    void operatorsAreAsLongAsTheyGoButForASignAtTheirEnd() {
        assertEquals(List.of("a", "*", "-", "3"), texts("a*-3"));
        assertEquals(List.of("a", "<>", "b"), texts("a<>b"));
        assertEquals(List.of("a", "@-", "3"), texts("a @- 3"));
        assertEquals(List.of("a", "=", "-", "1"), texts("a=-1 --x"));
        assertEquals(List.of("1", "::", "int"), texts("1::int"));
    }

    @Test
    void stringsAreDecoded() {
        assertEquals(
                List.of("it's", "a\tb\u00e9", "x\\n", "$", "ab"),
                texts("'it''s' E'a\\tb\\u00e9' 'x\\n' $q$$$q$ 'a'\n'b'"));
    }

    @Test
    void commentsNest() {
        assertEquals(List.of("1", "2"), texts("1 /* a /* b */ c */ 2 -- 3"));
    }

    @Test
    void whatDoesNotEndIsRefused() {
        for (String open : List.of("'a", "\"a", "$$a", "/* a", "E'a\\'", "\"\"", "1a")) {
            assertEquals(
                    "42601",
                    assertThrows(TransactionException.class, () -> Lexer.tokens(open))
                            .sqlState(),
                    open);
        }
    }

    @Test
    void statementsEndAtSemicolons() {
        assertEquals(8, Lexer.statementEnd("SELECT 1; SELECT 2", 0));
        assertEquals(-1, Lexer.statementEnd("SELECT 1; SELECT 2", 9));
        assertEquals(-1, Lexer.statementEnd("SELECT (1; 2", 0));
        assertEquals(-1, Lexer.statementEnd("SELECT '; ", 0));
    }
}
