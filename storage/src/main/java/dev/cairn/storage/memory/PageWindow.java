package dev.cairn.storage.memory;

/** The bytes of one frame after another: for who reads many and does not want to go to an object for each. Not thread-safe. */
public final class PageWindow extends PageBuffer {

    private final PageMemory memory;

    PageWindow(PageMemory memory) {
        super(memory.frame(0));
        this.memory = memory;
    }

    /** Where a frame's first byte is, for as long as this can be reached. */
    public long addressOf(int frame) {
        return memory.address(frame);
    }

    /** Shows the frame with that address from now on. */
    public PageWindow at(long frame) {
        lieAt(frame, memory.frameBytes());
        return this;
    }
}
