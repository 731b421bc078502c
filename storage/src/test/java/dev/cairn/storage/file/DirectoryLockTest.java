package dev.cairn.storage.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.storage.base.DirectoryInUseException;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DirectoryLockTest {

    @TempDir
    Path directory;

    @Test
    void secondOpenInThisProcessIsRefusedByAnyPath() throws Exception {
        Path real = Files.createDirectory(directory.resolve("db"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), real);
        Path dotted = directory.resolve("link/../db/.");
        DirectoryLock lock = new RealDisk(real).lock();
        for (Path path : List.of(real, link, dotted)) {
            assertThrows(DirectoryInUseException.class, () -> new RealDisk(path).lock());
        }
        assertEquals(1, childTries(real), "the refused attempts have not dropped the lock");
        lock.close();
        lock.close();
        new RealDisk(link).lock().close();
    }

    @Test
    void anotherProcessIsRefusedUntilTheLockIsGivenBack() throws Exception {
        DirectoryLock lock = new RealDisk(directory).lock();
        assertEquals(1, childTries(directory));
        lock.close();
        assertEquals(0, childTries(directory));
    }

    @Test
    void aProcessThatIsKilledHoldsNothing() throws Exception {
        Process child = child(directory, "hold");
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("held", output.readLine());
            DirectoryInUseException refused =
                    assertThrows(DirectoryInUseException.class, () -> new RealDisk(directory).lock());
            assertTrue(refused.getMessage().contains("process " + child.pid()), refused.getMessage());
        } finally {
            child.destroyForcibly().waitFor();
        }
        new RealDisk(directory).lock().close();
    }

    @Test
    void aPendingInterruptDoesNotCostTheLock() throws Exception {
        Thread.currentThread().interrupt();
        DirectoryLock lock = new RealDisk(directory).lock();
        assertTrue(Thread.interrupted());
        assertEquals(1, childTries(directory));
        lock.close();
    }

    private static int childTries(Path path) throws Exception {
        Process child = child(path, "try");
        child.getInputStream().readAllBytes();
        return child.waitFor();
    }

    private static Process child(Path path, String mode) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                path.toString(),
                mode));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    static final class Child {
        public static void main(String[] arguments) throws Exception {
            try (DirectoryLock lock = new RealDisk(Path.of(arguments[0])).lock()) {
                System.out.println("held");
                if (arguments[1].equals("hold")) {
                    System.in.read();
                }
                System.out.println(lock);
            } catch (DirectoryInUseException e) {
                System.exit(1);
            }
        }
    }
}
