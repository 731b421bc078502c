package dev.cairn.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ConsoleTest {

    private static String tinted(boolean terminal) {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Console(InputStream.nullInputStream(), nowhere, nowhere, terminal)
                .tinted("committed", Console.Tint.GOOD);
    }

    @Test
    void coloursAreForTerminalsOnly() {
        assertEquals("committed", tinted(false));
        String expected = System.getenv("NO_COLOR") == null ? "\u001b[32mcommitted\u001b[0m" : "committed";
        assertEquals(expected, tinted(true));
    }
}
