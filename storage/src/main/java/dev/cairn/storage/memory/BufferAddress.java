package dev.cairn.storage.memory;

import java.nio.Buffer;
import java.nio.ByteBuffer;
import net.openhft.chronicle.core.UnsafeMemory;

/** Where a direct buffer's first byte lies. Read from the field's offset, which needs no JVM flag. */
final class BufferAddress {

    private static final long FIELD = fieldOffset();

    private BufferAddress() {}

    /** The caller keeps the buffer reachable for as long as it uses the address. */
    static long of(ByteBuffer direct) {
        return UnsafeMemory.unsafeGetLong(direct, FIELD);
    }

    private static long fieldOffset() {
        try {
            return UnsafeMemory.unsafeObjectFieldOffset(Buffer.class.getDeclaredField("address"));
        } catch (NoSuchFieldException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
