package dev.cairn.fuzz.crash;

import dev.cairn.fuzz.disk.CrashChoices;
import dev.cairn.fuzz.disk.SimDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * The states in which a crash at one moment may leave a disk: all of them, if there are not more than {@link
 * #MAX_COMBINATIONS}. Of more: all old, all new, everything up to each operation, each thing alone old or alone new, each
 * write torn at every place from either side, and every pair of things old or new. A thing is a sector or a file's size;
 * the outcomes of the directory are gone through around them.
 */
final class CrashStates {

    /** Told of each state and how it came about. Different choices may give equal states. */
    interface Visitor {
        void state(SimDisk image, Object choice);
    }

    static final int MAX_COMBINATIONS = 4096;

    private static final int MAX_DIRECTORY_OUTCOMES = 64;

    private final SimDisk disk;
    private final Visitor visitor;

    private CrashStates(SimDisk disk, Visitor visitor) {
        this.disk = disk;
        this.visitor = visitor;
    }

    /** Every state, or the selection of them that the class tells. */
    static void all(SimDisk disk, Visitor visitor) {
        new CrashStates(disk, visitor).all();
    }

    /** All old, all new, and everything up to each operation. */
    static void prefixes(SimDisk disk, Visitor visitor) {
        new CrashStates(disk, visitor).prefixes();
    }

    /** Only all new. */
    static void newest(SimDisk disk, Visitor visitor) {
        visitor.state(disk.crash(CrashChoices.allNew()), "all new");
    }

    private void prefixes() {
        visitor.state(disk.crash(CrashChoices.allOld()), "all old");
        long[] pending = disk.pendingOperations();
        for (long last : pending) {
            visitor.state(disk.crash(CrashChoices.upTo(last)), "all up to operation " + last);
        }
    }

    private void all() {
        List<int[]> outcomes = directoryOutcomes();
        long combinations = 0;
        for (int[] outcome : outcomes) {
            combinations += questions(outcome).combinations();
        }
        if (combinations <= MAX_COMBINATIONS && outcomes.size() <= MAX_DIRECTORY_OUTCOMES) {
            Answers answers = new Answers();
            do {
                visitor.state(disk.crash(answers), answers);
            } while (answers.giveNext(Integer.MAX_VALUE));
            return;
        }
        prefixes();
        int last = outcomes.size() - 1;
        int stride = Math.max(1, last / MAX_DIRECTORY_OUTCOMES);
        for (int i = 0; i < last; i += stride) {
            selected(outcomes.get(i), i == 0);
        }
        selected(outcomes.get(last), true);
    }

    /** All lists of answers to the directory's questions, from all old to all new. */
    private List<int[]> directoryOutcomes() {
        List<int[]> outcomes = new ArrayList<>();
        Answers answers = new Answers();
        int asked;
        do {
            disk.crash(answers);
            outcomes.add(answers.directoryAnswers());
            asked = outcomes.get(outcomes.size() - 1).length;
        } while (answers.giveNext(asked));
        return outcomes;
    }

    private Answers.Questions questions(int[] outcome) {
        Answers answers = new Answers(outcome);
        disk.crash(answers);
        return answers.questions();
    }

    /** @param paired whether pairs are tried as well */
    private void selected(int[] outcome, boolean paired) {
        Answers.Questions questions = questions(outcome);
        int[] old = new int[questions.count()];
        System.arraycopy(outcome, 0, old, 0, outcome.length);
        int[] all = upTo(questions, old, Long.MAX_VALUE);
        visit(old);
        visit(all);
        int first = questions.directory();
        for (int i = first; i < questions.count(); i++) {
            for (int digit = 0; digit < questions.radices()[i]; digit++) {
                visit(with(old, i, digit));
                visit(with(all, i, digit));
            }
            for (int j = first; paired && j < i; j++) {
                visit(with(with(old, i, all[i]), j, all[j]));
                visit(with(with(all, i, 0), j, 0));
            }
        }
        TreeSet<Long> operations = new TreeSet<>();
        for (int i = first; i < questions.count(); i++) {
            for (long operation : questions.operations()[i]) {
                operations.add(operation);
            }
        }
        operations.forEach(operation -> torn(questions, old, operation));
    }

    /** Everything before the operation has survived, and of what it wrote itself the first sectors, or the last ones. */
    private void torn(Answers.Questions questions, int[] old, long operation) {
        int[] before = upTo(questions, old, operation - 1);
        int[] after = upTo(questions, old, operation);
        int[] begun = before.clone();
        int[] ended = after.clone();
        for (int i = questions.directory(); i < questions.count(); i++) {
            if (questions.isWritten(i, operation)) {
                begun[i] = after[i];
                ended[i] = before[i];
                visit(begun.clone());
                visit(ended.clone());
            }
        }
    }

    private static int[] upTo(Answers.Questions questions, int[] old, long operation) {
        int[] digits = old.clone();
        for (int i = questions.directory(); i < questions.count(); i++) {
            digits[i] = questions.after(i, operation);
        }
        return digits;
    }

    private void visit(int[] digits) {
        Answers answers = new Answers(digits);
        visitor.state(disk.crash(answers), answers);
    }

    private static int[] with(int[] digits, int i, int digit) {
        int[] changed = digits.clone();
        changed[i] = digit;
        return changed;
    }
}
