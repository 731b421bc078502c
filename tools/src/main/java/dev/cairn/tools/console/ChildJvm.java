package dev.cairn.tools.console;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command lines that run another class of this same program in a process of its own. */
public final class ChildJvm {

    private ChildJvm() {}

    /**
     * The same Java, class path and JVM flags as this process's, apart from agents and the heap's size.
     *
     * @param jvmFlags added after the inherited ones, so that they win
     */
    public static List<String> command(Class<?> main, List<String> jvmFlags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (isInherited(flag)) {
                command.add(flag);
            }
        }
        command.addAll(jvmFlags);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(arguments);
        return command;
    }

    private static boolean isInherited(String flag) {
        return !flag.startsWith("-javaagent")
                && !flag.startsWith("-agentlib")
                && !flag.startsWith("-Xmx")
                && !flag.startsWith("-Xms");
    }
}
