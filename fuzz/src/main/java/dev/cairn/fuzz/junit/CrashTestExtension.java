package dev.cairn.fuzz.junit;

import dev.cairn.fuzz.api.CrashOptions;
import dev.cairn.fuzz.api.CrashRunner;
import dev.cairn.fuzz.api.TimeBudget;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives a {@link CrashTest} its runner, and fails one that does not use it. */
final class CrashTestExtension implements ParameterResolver, AfterTestExecutionCallback {

    static final String SEED = "cairn.crash.seed";
    static final String CRASH_AT = "cairn.crash.at";
    static final String BUDGET = "cairn.crash.budget";

    private static final Namespace NAMESPACE = Namespace.create(CrashTestExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType().equals(CrashRunner.class);
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        CrashRunner runner = new CrashRunner(options(context), CrashTestExtension::reproduction);
        context.getStore(NAMESPACE).put(CrashRunner.class, runner);
        return runner;
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        CrashRunner runner = context.getStore(NAMESPACE).get(CrashRunner.class, CrashRunner.class);
        if (context.getExecutionException().isEmpty() && (runner == null || runner.runs() == 0)) {
            throw new ExtensionConfigurationException(
                    "a @CrashTest takes a CrashRunner and runs a workload with it; this one has not");
        }
    }

    private static CrashOptions options(ExtensionContext context) {
        CrashTest test = AnnotationSupport.findAnnotation(context.getElement(), CrashTest.class)
                .orElseThrow(() -> new ExtensionConfigurationException("a CrashRunner is for a @CrashTest only"));
        try {
            long seed = Optional.ofNullable(Long.getLong(SEED)).orElse(test.seed());
            CrashOptions options = CrashOptions.DEFAULT
                    .withBudgetNanos(TimeBudget.nanos(System.getProperty(BUDGET, test.budget())))
                    .withCrashAt(Long.getLong(CRASH_AT, test.crashAt()));
            return seed == 0 ? options.withSeeds(0) : options.withSeed(seed);
        } catch (IllegalArgumentException e) {
            throw new ExtensionConfigurationException("@CrashTest: " + e.getMessage(), e);
        }
    }

    private static String reproduction(long seed, long operation) {
        return "@CrashTest(seed = " + seed + (operation == 0 ? "" : ", crashAt = " + operation) + ") or -D" + SEED + "="
                + seed + (operation == 0 ? "" : " -D" + CRASH_AT + "=" + operation);
    }
}
