package dev.cairn.tools.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.ControlFileException;
import dev.cairn.storage.base.CorruptPageException;
import dev.cairn.storage.base.DirectoryInUseException;
import dev.cairn.storage.base.DiskException;
import dev.cairn.storage.base.EngineFailedException;
import dev.cairn.storage.base.ForeignFileException;
import dev.cairn.storage.base.FormatVersionException;
import dev.cairn.storage.base.LogCorruptException;
import dev.cairn.storage.base.TransactionException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ExitCodeTest {

    @Test
    void damageIsThree() {
        assertEquals(3, ExitCode.of(new CorruptPageException(1, 2, "checksum")));
        assertEquals(3, ExitCode.of(new LogCorruptException("gap")));
        assertEquals(3, ExitCode.of(new ForeignFileException("segment")));
        assertEquals(3, ExitCode.of(new ControlFileException("both slots")));
    }

    @Test
    void anEngineThatStoppedOverDamageIsThreeToo() {
        assertEquals(3, ExitCode.of(new EngineFailedException("stopped", new CorruptPageException(1, 2, "checksum"))));
    }

    @Test
    void refusedIsFour() {
        assertEquals(4, ExitCode.of(new DirectoryInUseException("in use")));
        assertEquals(4, ExitCode.of(new FormatVersionException("too new")));
        assertEquals(4, ExitCode.of(new DiskException("permission denied")));
        assertEquals(4, ExitCode.of(new UnreadableException("no such directory")));
        assertEquals(4, ExitCode.of(new IOException("no such file")));
    }

    @Test
    void usageIsTwoAndTheRestIsOne() {
        assertEquals(2, ExitCode.of(new UsageException("no")));
        assertEquals(1, ExitCode.of(new TransactionException("40001", "could not serialize")));
        assertEquals(1, ExitCode.of(new IllegalStateException("a defect")));
    }

    @Test
    void aDefectIsShownWithItsStack() {
        assertTrue(ExitCode.isExpected(new DirectoryInUseException("in use")));
        assertFalse(ExitCode.isExpected(new IllegalStateException("a defect")));
    }

    @Test
    void messagesCarryTheSqlState() {
        assertEquals(
                "could not serialize (SQLSTATE 40001)",
                ExitCode.message(new TransactionException("40001", "could not serialize")));
    }
}
