package dev.cairn.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cairn.storage.base.MemoryGate;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of the memory library may reach the console of a program that embeds Cairn, nor start a thread in it. */
class QuietStartTest {

    @Test
    void memoryIsSilentAndStartsNoForeignThread(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("system.properties"), "cairn.test.loaded=yes\n");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        if (Runtime.version().feature() >= 23) {
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Child.class.getName()));
        File output = directory.resolve("output").toFile();
        Process child = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertEquals(0, child.waitFor());
        assertEquals("done null 0" + System.lineSeparator(), Files.readString(output.toPath(), StandardCharsets.UTF_8));
    }

    static final class Child {
        public static void main(String[] arguments) {
            try (PageMemory memory = PageMemory.allocate(16, 8192)) {
                memory.frame(3).putLong(8, 1);
                memory.frame(3).writeTo(new IoBuffers(1, 8192, MemoryGate.OPEN).acquire());
            }
            long foreign = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().contains("releaser"))
                    .count();
            System.out.println("done " + System.getProperty("cairn.test.loaded") + " " + foreign);
        }
    }
}
