package dev.cairn.tools.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cairn.storage.format.Layout;
import dev.cairn.tools.CommandRun;
import dev.cairn.tools.Repository;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FormatDocumentTest {

    @Test
    void formatMdSaysWhatTheCodeSays() throws IOException {
        String written = Files.readString(Repository.root().resolve("FORMAT.md"), StandardCharsets.UTF_8);
        assertEquals(FormatDocument.render(), written, "run './cairn format > FORMAT.md'");
    }

    @Test
    void theCommandPrintsIt() {
        CommandRun run = CommandRun.of("format");
        assertEquals(0, run.exitCode());
        assertEquals(FormatDocument.render(), run.out());
    }

    @Test
    void everyLayoutIsInIt() throws ReflectiveOperationException {
        Set<Layout> documented = Collections.newSetFromMap(new IdentityHashMap<>());
        FormatDocument.sections().forEach(section -> documented.add(section.layout()));
        Set<String> missing = new TreeSet<>();
        int found = 0;
        for (JavaClass javaClass : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.cairn")) {
            for (JavaField javaField : javaClass.getFields()) {
                if (javaField.getRawType().isEquivalentTo(Layout.class)
                        && javaField.getModifiers().contains(JavaModifier.STATIC)) {
                    Field field = javaField.reflect();
                    field.setAccessible(true);
                    found++;
                    if (!documented.contains((Layout) field.get(null))) {
                        missing.add(javaField.getFullName());
                    }
                }
            }
        }
        assertTrue(found >= 5, "found only " + found + " layouts");
        assertEquals(Set.of(), missing);
    }
}
