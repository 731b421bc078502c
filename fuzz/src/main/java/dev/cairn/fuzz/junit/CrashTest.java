package dev.cairn.fuzz.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that lets a workload crash for some time. The method takes a {@link dev.cairn.fuzz.api.CrashRunner} and runs its workload
 * with it:
 *
 * <pre>{@code
 * @CrashTest(budget = "10s")
 * void noJobIsLost(CrashRunner crashes) {
 *     crashes.run(new JobQueueWorkload());
 * }
 * }</pre>
 *
 * <p>The system properties {@value CrashTestExtension#SEED}, {@value CrashTestExtension#CRASH_AT} and {@value
 * CrashTestExtension#BUDGET} go before the annotation.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Test
@ExtendWith(CrashTestExtension.class)
public @interface CrashTest {

    /** No seed but the first is begun later than this: {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h}. */
    String budget() default "10s";

    /** The one seed to run; 0 for as many as the budget allows, from 1 on. */
    long seed() default 0;

    /** The one operation on the disk to crash at; 0 for all. */
    long crashAt() default 0;
}
