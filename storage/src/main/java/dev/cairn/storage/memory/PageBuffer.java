package dev.cairn.storage.memory;

import dev.cairn.storage.base.PageBytes;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import net.openhft.chronicle.core.Memory;
import net.openhft.chronicle.core.UnsafeMemory;

/**
 * A fixed-size region of off-heap memory, little-endian, any alignment. Every access checks its bounds and throws {@link
 * IndexOutOfBoundsException}; nothing allocates. Offsets and lengths are in bytes.
 *
 * <p>Plain memory: safe to read while another thread writes (the bytes may then be torn, see {@link
 * PageMemory#acquireFence}), and safe to use after its memory was closed: that throws, or at worst reads stale bytes,
 * since memory is given back only when no buffer can reach it any more.
 */
public class PageBuffer implements PageBytes {

    private static final Memory MEMORY = UnsafeMemory.MEMORY;
    private static final boolean LITTLE_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    private static final long BYTE_ARRAY_BASE = MEMORY.arrayBaseOffset(byte[].class);
    private static final int U48_HIGH = 4;

    /** Keeps the memory: it is freed once its slab is unreachable. */
    private final Slab slab;

    private long address;
    /** 0 once closed, which makes every bounds check fail. */
    private int size;

    PageBuffer(Slab slab, long offset, int size) {
        this.slab = slab;
        this.address = slab.address() + Objects.checkFromIndexSize(offset, size, slab.bytes());
        this.size = size;
    }

    /** The same bytes once more; closed on its own. */
    protected PageBuffer(PageBuffer same) {
        this.slab = same.slab;
        this.address = same.address;
        this.size = same.size;
    }

    /**
     * A buffer of its own, filled with zeros.
     *
     * @throws OutOfMemoryError if the operating system has no memory left
     */
    public static PageBuffer allocate(int bytes) {
        Slab slab = Slab.allocate(bytes);
        slab.zero();
        return new PageBuffer(slab, 0, bytes);
    }

    @Override
    public int size() {
        return size;
    }

    /** Of its first byte, for as long as it can be reached. */
    long address() {
        return address;
    }

    /** For who keeps the memory there itself. */
    void lieAt(long newAddress, int newSize) {
        address = newAddress;
        size = newSize;
    }

    /** Makes every later access fail. */
    protected void close() {
        size = 0;
        slab.retire();
    }

    public byte getByte(int off) {
        return MEMORY.readByte(at(off, Byte.BYTES));
    }

    public void putByte(int off, int v) {
        MEMORY.writeByte(at(off, Byte.BYTES), (byte) v);
    }

    public int getU8(int off) {
        return getByte(off) & 0xFF;
    }

    public void putU8(int off, int v) {
        putByte(off, v);
    }

    public short getShort(int off) {
        short raw = MEMORY.readShort(at(off, Short.BYTES));
        return LITTLE_ENDIAN ? raw : Short.reverseBytes(raw);
    }

    public void putShort(int off, int v) {
        MEMORY.writeShort(at(off, Short.BYTES), LITTLE_ENDIAN ? (short) v : Short.reverseBytes((short) v));
    }

    public int getU16(int off) {
        return getShort(off) & 0xFFFF;
    }

    public void putU16(int off, int v) {
        putShort(off, v);
    }

    public int getInt(int off) {
        int raw = UnsafeMemory.unsafeGetInt(at(off, Integer.BYTES));
        return LITTLE_ENDIAN ? raw : Integer.reverseBytes(raw);
    }

    public void putInt(int off, int v) {
        UnsafeMemory.unsafePutInt(at(off, Integer.BYTES), LITTLE_ENDIAN ? v : Integer.reverseBytes(v));
    }

    public long getU32(int off) {
        return getInt(off) & 0xFFFF_FFFFL;
    }

    /** Stores the low 32 bits. */
    public void putU32(int off, long v) {
        putInt(off, (int) v);
    }

    @Override
    public long getLong(int off) {
        long raw = UnsafeMemory.unsafeGetLong(at(off, Long.BYTES));
        return LITTLE_ENDIAN ? raw : Long.reverseBytes(raw);
    }

    public void putLong(int off, long v) {
        UnsafeMemory.unsafePutLong(at(off, Long.BYTES), LITTLE_ENDIAN ? v : Long.reverseBytes(v));
    }

    /** Six bytes. */
    public long getU48(int off) {
        return getU32(off) | (long) getU16(off + U48_HIGH) << 32;
    }

    /** Stores the low 48 bits. */
    public void putU48(int off, long v) {
        putU16(off + U48_HIGH, (int) (v >>> 32));
        putU32(off, v);
    }

    public void get(int off, byte[] dst, int dstOff, int len) {
        Objects.checkFromIndexSize(dstOff, len, dst.length);
        MEMORY.copyMemory(range(off, len), dst, BYTE_ARRAY_BASE + dstOff, len);
        Reference.reachabilityFence(this);
    }

    public void put(int off, byte[] src, int srcOff, int len) {
        Objects.checkFromIndexSize(srcOff, len, src.length);
        MEMORY.copyMemory(src, BYTE_ARRAY_BASE + srcOff, range(off, len), len);
        Reference.reachabilityFence(this);
    }

    public void copyFrom(int off, PageBuffer src, int srcOff, int len) {
        MEMORY.copyMemory(src.range(srcOff, len), range(off, len), (long) len);
        Reference.reachabilityFence(src);
        Reference.reachabilityFence(this);
    }

    /** Moves bytes within this buffer; the ranges may overlap. */
    public void move(int srcOff, int dstOff, int len) {
        MEMORY.copyMemory(range(srcOff, len), range(dstOff, len), (long) len);
        Reference.reachabilityFence(this);
    }

    public void fill(int off, int len, int value) {
        MEMORY.setMemory(range(off, len), len, (byte) value);
        Reference.reachabilityFence(this);
    }

    public boolean isZero() {
        int off = 0;
        for (; off <= size - Long.BYTES; off += Long.BYTES) {
            if (getLong(off) != 0) {
                return false;
            }
        }
        for (; off < size; off++) {
            if (getByte(off) != 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Puts the whole page at the buffer's position and moves the position past it.
     *
     * @throws IndexOutOfBoundsException if less than a page remains
     */
    public void writeTo(ByteBuffer dst) {
        int at = dst.position();
        Objects.checkFromIndexSize(at, size, dst.limit());
        if (dst.isReadOnly()) {
            throw new java.nio.ReadOnlyBufferException();
        }
        if (dst.isDirect()) {
            MEMORY.copyMemory(range(0, size), BufferAddress.of(dst) + at, (long) size);
            Reference.reachabilityFence(dst);
        } else {
            get(0, dst.array(), dst.arrayOffset() + at, size);
        }
        dst.position(at + size);
        Reference.reachabilityFence(this);
    }

    /**
     * Fills the whole page from the buffer's position and moves the position past it.
     *
     * @throws IndexOutOfBoundsException if less than a page remains
     */
    public void readFrom(ByteBuffer src) {
        int at = src.position();
        Objects.checkFromIndexSize(at, size, src.limit());
        if (src.isDirect()) {
            MEMORY.copyMemory(BufferAddress.of(src) + at, range(0, size), (long) size);
            Reference.reachabilityFence(src);
        } else if (src.hasArray()) {
            put(0, src.array(), src.arrayOffset() + at, size);
        } else {
            for (int i = 0; i < size; i++) {
                putByte(i, src.get(at + i));
            }
        }
        src.position(at + size);
        Reference.reachabilityFence(this);
    }

    @Override
    public String toString() {
        return "PageBuffer[" + size + " bytes of " + slab + "]";
    }

    /** The one bounds check: negative offsets and those past {@code size - width} both set the sign. */
    private long at(int off, int width) {
        if ((off | (size - width - off)) < 0) {
            throw outOfBounds(off, width);
        }
        return address + off;
    }

    private long range(int off, int len) {
        if ((off | len | (size - len - off)) < 0) {
            throw outOfBounds(off, len);
        }
        return address + off;
    }

    private IndexOutOfBoundsException outOfBounds(int off, int len) {
        return new IndexOutOfBoundsException(
                size == 0 ? "the page's memory is closed" : len + " bytes at " + off + " of a page of " + size);
    }
}
