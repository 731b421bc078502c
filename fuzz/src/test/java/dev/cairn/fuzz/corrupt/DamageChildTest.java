package dev.cairn.fuzz.corrupt;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watch over trials. */
@Timeout(60)
class DamageChildTest {

    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final CompletableFuture<DamageChild> child = new CompletableFuture<>();
    private volatile boolean over;

    private void judge(long longestNanos, Runnable trial) {
        DamageChild judging = new DamageChild(longestNanos);
        judging.begin();
        child.complete(judging);
        trial.run();
    }

    private void awaitHang(Runnable trial) throws Exception {
        Thread judge = new Thread(() -> judge(SHORT_NANOS, trial), "judge");
        judge.start();
        DamageChild watched = child.get();
        while (!watched.hangs()) {
            Thread.onSpinWait();
        }
        over = true;
        judge.interrupt();
        judge.join();
    }

    @Test
    void aTrialThatWaitsForeverHangs() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        awaitHang(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void aTrialThatGoesRoundForeverHangs() throws Exception {
        awaitHang(() -> {
            while (!over) {
                Thread.onSpinWait();
            }
        });
    }

    @Test
    void aTrialThatHasTimeLeftDoesNotHang() {
        DamageChild judging = new DamageChild(TimeUnit.HOURS.toNanos(1));
        judging.begin();
        assertFalse(judging.hangs());
    }
}
