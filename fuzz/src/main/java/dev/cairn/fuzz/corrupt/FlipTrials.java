package dev.cairn.fuzz.corrupt;

import java.util.BitSet;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Single bits of a {@link Reference}, flipped. A bit's number is 8 times its byte's place in all files, one after the other in
 * the order of their names, plus its place in the byte.
 */
final class FlipTrials implements Trials {

    private static final int BITS = 8;

    private final Reference reference;
    private final long seed;
    private final boolean oneOfEachByte;
    /** What opening and reading look at. As all is deterministic, they do the same whatever the other bytes are. */
    private final Map<String, BitSet> read;

    /** @param oneOfEachByte whether trials are bytes, of each of which the seed chooses a bit, or bits */
    FlipTrials(long seed, boolean oneOfEachByte) {
        this.seed = seed;
        this.oneOfEachByte = oneOfEachByte;
        this.reference = Reference.of(seed);
        reference.image().watch();
        Outcome outcome = DamageCheck.open(reference.image(), reference.contents());
        this.read = reference.image().watched();
        if (outcome != null) {
            throw new IllegalStateException("the reference itself is damaged: " + outcome);
        }
    }

    @Override
    public long count() {
        return reference.image().size() * (oneOfEachByte ? 1 : BITS);
    }

    /** Flips a bit, judges, and flips it back. */
    @Override
    public Outcome judge(long number) {
        long place = oneOfEachByte ? number : number / BITS;
        int bit = 1 << (oneOfEachByte ? new SplittableRandom(seed ^ place).nextInt(BITS) : (int) (number % BITS));
        for (String name : reference.image().list()) {
            byte[] bytes = reference.image().bytes(name);
            if (place < bytes.length) {
                return judge(name, bytes, (int) place, bit);
            }
            place -= bytes.length;
        }
        throw new IllegalArgumentException("there is no trial " + number);
    }

    private Outcome judge(String name, byte[] bytes, int at, int bit) {
        bytes[at] ^= (byte) bit;
        String what = "bit " + Integer.numberOfTrailingZeros(bit) + " of byte " + at + " of " + name;
        try {
            BitSet looked = read.get(name);
            boolean matters = looked != null && looked.get(at);
            Outcome outcome = matters
                    ? DamageCheck.run(reference.image(), reference.contents())
                    : DamageCheck.verify(reference.image());
            if (outcome == Outcome.UNREFERENCED && !reference.isFree(name, at)) {
                throw new UnreportedDamage(what + " was flipped, and nobody noticed", null);
            }
            return outcome;
        } catch (UnreportedDamage e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new UnreportedDamage(what + " was flipped: " + e, e);
        } finally {
            bytes[at] ^= (byte) bit;
        }
    }
}
