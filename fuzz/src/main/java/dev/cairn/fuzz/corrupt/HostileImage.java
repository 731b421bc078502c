package dev.cairn.fuzz.corrupt;

import dev.cairn.recovery.ControlFile;
import dev.cairn.recovery.ControlSlot;
import dev.cairn.recovery.ControlState;
import dev.cairn.storage.base.Crc;
import dev.cairn.storage.format.Layout;
import dev.cairn.wal.LoggedRecord;
import dev.cairn.wal.WalOptions;
import dev.cairn.wal.WalReader;
import dev.cairn.wal.segment.RecordFrame;
import dev.cairn.wal.segment.Seeds;
import dev.cairn.wal.segment.SegmentGeometry;
import dev.cairn.wal.segment.SegmentHeader;
import dev.cairn.wal.segment.SegmentNames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A copy of a reference in which some fields say what they should not, under checksums that hold: as an attacker would do it,
 * or an engine with a bug. Fields come from the declared layouts; values are those at which code breaks.
 */
final class HostileImage {

    private static final int MOST_LIES = 4;

    private final ByteImage image;
    private final Reference reference;
    private final SplittableRandom random;
    private final ControlState control;
    private final Lies lies;
    private final HostilePages pages;

    private HostileImage(Reference reference, SplittableRandom random) {
        this.reference = reference;
        this.image = reference.image().copy();
        this.random = random;
        try (ControlFile file = ControlFile.open(image)) {
            this.control = file.current();
        }
        this.lies = new Lies(random, control.pageSize());
        this.pages = new HostilePages(image, control, random, lies);
    }

    /** The same random numbers give the same image. */
    static HostileImage of(Reference reference, SplittableRandom random) {
        HostileImage made = new HostileImage(reference, random);
        int count = 1 + random.nextInt(MOST_LIES);
        int kind = random.nextInt(12);
        for (int i = 0; i < count; i++) {
            switch (kind) {
                case 0, 1, 2 -> made.pages.lieOnAPage();
                case 3, 4, 5, 6 -> made.lieInTheLog();
                case 7 -> made.lieInControl();
                case 8 -> made.lieInASegmentHeader();
                case 9 -> made.pages.lieInAnIndex();
                case 10 -> made.pages.lieInALargeValue();
                default -> made.moveFiles();
            }
        }
        return made;
    }

    ByteImage disk() {
        return image;
    }

    /** What was changed, for people. */
    List<String> lies() {
        return lies.told();
    }

    private void lieInTheLog() {
        List<LoggedRecord> records = records();
        if (records.isEmpty()) {
            return;
        }
        LoggedRecord record = records.get(random.nextInt(records.size()));
        SegmentGeometry geometry = new SegmentGeometry(control.segmentBytes());
        byte[] bytes = image.bytes(SegmentNames.of(geometry.segmentNo(record.start())));
        ByteBuffer segment = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int start = geometry.offset(record.start());
        int length = segment.getInt(start + RecordFrame.LENGTH);
        if (length <= RecordFrame.HEADER_BYTES) {
            // A lie told before has hit this record.
            return;
        }
        int fields = 1 + random.nextInt(2);
        String where = record.record().type() + " at " + record.start();
        for (int i = 0; i < fields; i++) {
            int choice = random.nextInt(5);
            int width = 1 << random.nextInt(4);
            if (choice == 0) {
                lies.put(segment, start + RecordFrame.XID, Long.BYTES, where);
            } else if (choice == 1) {
                lies.put(segment, start + RecordFrame.TYPE, 1, where);
            } else {
                lies.put(
                        segment,
                        start + RecordFrame.HEADER_BYTES + random.nextInt(length - RecordFrame.HEADER_BYTES),
                        width,
                        where);
            }
        }
        if (random.nextInt(10) == 0) {
            lies.put(segment, start + RecordFrame.LENGTH, Integer.BYTES, where);
        }
        int sealed = segment.getInt(start + RecordFrame.LENGTH);
        if (sealed < RecordFrame.MIN_LENGTH || sealed > bytes.length - start) {
            return;
        }
        segment.putInt(start + RecordFrame.CRC, 0);
        long life = Seeds.ofLife(
                control.databaseId().seed(),
                record.incarnation().counter(),
                record.incarnation().salt());
        int crc = Crc.of(Seeds.ofRecord(life, record.start()), ByteBuffer.wrap(bytes, start, sealed));
        segment.putInt(start + RecordFrame.CRC, crc);
    }

    private List<LoggedRecord> records() {
        List<LoggedRecord> records = new ArrayList<>();
        WalOptions options = WalOptions.of(control.segmentBytes(), 1 << 16, control.pageSize());
        List<Long> segments = WalReader.segments(reference.image());
        try (WalReader reader =
                WalReader.fromSegment(reference.image(), options, control.databaseId(), segments.get(0))) {
            LoggedRecord logged = reader.next();
            while (logged != null) {
                records.add(logged);
                logged = reader.next();
            }
        }
        return records;
    }

    private void lieInControl() {
        for (int slot = 0; slot < 2; slot++) {
            byte[] bytes = image.bytes(ControlFile.NAME);
            int start = slot * ControlFile.SLOT_DISTANCE;
            ByteBuffer content = ByteBuffer.wrap(Arrays.copyOfRange(bytes, start, start + ControlSlot.BYTES))
                    .order(ByteOrder.LITTLE_ENDIAN);
            List<Layout.Field> fields = ControlSlot.LAYOUT.fields();
            Layout.Field field = fields.get(2 + random.nextInt(fields.size() - 3));
            lies.put(content, field.offset(), Math.min(Long.BYTES, field.bytes()), "control slot " + slot);
            content.putInt(ControlSlot.LAYOUT.offset("crc"), 0);
            content.putInt(ControlSlot.LAYOUT.offset("crc"), Crc.of(slot, content.duplicate()));
            System.arraycopy(content.array(), 0, bytes, start, ControlSlot.BYTES);
        }
    }

    private void lieInASegmentHeader() {
        List<Long> segments = WalReader.segments(image);
        String name = SegmentNames.of(segments.get(random.nextInt(segments.size())));
        ByteBuffer header = ByteBuffer.wrap(Arrays.copyOf(image.bytes(name), SegmentHeader.BYTES))
                .order(ByteOrder.LITTLE_ENDIAN);
        List<Layout.Field> fields = SegmentHeader.LAYOUT.fields();
        Layout.Field field = fields.get(2 + random.nextInt(fields.size() - 2));
        lies.put(header, field.offset(), Math.min(Long.BYTES, field.bytes()), name);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), 0);
        header.putInt(SegmentHeader.LAYOUT.offset("crc"), Crc.of(0, header.duplicate()));
        System.arraycopy(header.array(), 0, image.bytes(name), 0, SegmentHeader.BYTES);
    }

    private void moveFiles() {
        List<String> names = image.list();
        String one = names.get(random.nextInt(names.size()));
        String other = names.get(random.nextInt(names.size()));
        byte[] bytes = image.bytes(one);
        switch (random.nextInt(5)) {
            case 0 -> {
                lies.add(one + " and " + other + " change places");
                image.put(one, image.bytes(other));
                image.put(other, bytes);
            }
            case 1 -> {
                lies.add(other + " is " + one + ", too");
                image.put(other, bytes.clone());
            }
            case 2 -> {
                lies.add(one + " is missing");
                image.remove(one);
            }
            case 3 -> {
                int length = random.nextInt(bytes.length + 1);
                lies.add(one + " is cut off at " + length);
                image.put(one, Arrays.copyOf(bytes, length));
            }
            default -> {
                int length = bytes.length + random.nextInt(5000);
                lies.add(one + " has " + length + " bytes");
                image.put(one, Arrays.copyOf(bytes, length));
            }
        }
    }
}
