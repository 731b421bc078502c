package dev.cairn.example;

import dev.cairn.fuzz.api.CrashRunner;
import dev.cairn.fuzz.junit.CrashTest;

class JobQueueTest {

    @CrashTest(budget = "3s")
    void noJobIsLostOrHalfDone(CrashRunner crashes) {
        crashes.run(new JobQueueWorkload());
    }
}
