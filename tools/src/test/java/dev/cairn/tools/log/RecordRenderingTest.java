package dev.cairn.tools.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cairn.wal.record.WalRecord;
import dev.cairn.wal.record.WalRecordType;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordRenderingTest {

    @Test
    void everyTypeIsRendered() {
        EnumSet<WalRecordType> missing = EnumSet.allOf(WalRecordType.class);
        SampleRecords.all().forEach(record -> missing.remove(record.type()));
        assertEquals(EnumSet.noneOf(WalRecordType.class), missing);
    }

    @Test
    void text() {
        List<String> lines = SampleRecords.all().stream()
                .map(record -> RecordText.line(0x1_0000_0040L, 0x1_0000_0080L, 57, record))
                .toList();
        assertEquals("""
                1/40                 57      64  SEGMENT_END
                1/40                 57      64  INCARNATION       number 3, salt abcd, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  DURABLE_MARK      durable up to 1/1000
                1/40                 57      64  CHECKPOINT_BEGIN  next xid 100, next file 7, 2 open transactions: 42 since 0/1000, 57 since 0/2000, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  CHECKPOINT_END    redo point 0/1000, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  FILE_CREATE       file 5 for table 4
                1/40                 57      64  FILE_EXTEND       file 5 page 9, xid base 40
                1/40                 57      64  FILE_DROP         file 5
                1/40                 57      64  PAGE_IMAGE        file 5 page 9
                1/40                 57      64  HEAP_INSERT       file 5 page 9 slot 3, table 4, command 0, 3 bytes
                1/40                 57      64  HEAP_UPDATE       file 5 page 9 slot 3 becomes page 10 slot 0, table 4, command 1, 1 byte
                1/40                 57      64  HEAP_HOT_UPDATE   file 5 page 9 slot 3 becomes page 9 slot 4, table 4, command 1, 1 byte
                1/40                 57      64  HEAP_DELETE       file 5 page 9 slot 3, table 4, command 2
                1/40                 57      64  HEAP_PRUNE        file 5 page 9, 3 versions gone, newest deleted at 0/3000
                1/40                 57      64  HEAP_FREEZE       file 5 page 9, 1 version frozen, newest committed at 0/3000
                1/40                 57      64  OVERFLOW_EXTEND   file 4 page 9
                1/40                 57      64  OVERFLOW_WRITE    file 4 page 9, value 2 part 0, 4000 bytes of 5000, 9000 unpacked, next page 8
                1/40                 57      64  OVERFLOW_WRITE    file 4 page 8, value 2 part 1, 1000 bytes, last
                1/40                 57      64  OVERFLOW_DELETE   file 4 page 9, its value deleted
                1/40                 57      64  OVERFLOW_FREE     file 4 page 8 free
                1/40                 57      64  INDEX_EXTEND      file 6 page 9
                1/40                 57      64  INDEX_INSERT      file 6 page 9 slot 3, key 01ff
                1/40                 57      64  INDEX_DELETE      file 6 page 9, 2 entries gone
                1/40                 57      64  INDEX_SPLIT       file 6 page 10 takes what page 9 has from slot 4 on, from key 01
                1/40                 57      64  INDEX_DOWNLINK    file 6 page 2 slot 1 leads to page 10, from key 01
                1/40                 57      64  INDEX_ROOT        file 6 page 3 takes what the root has, which rises to level 2
                1/40                 57      64  INDEX_UNLINK      file 6 page 2 slot 1 leads to page 10 no more
                1/40                 57      64  INDEX_ABSORB      file 6 page 9 takes the range of page 10, next page 11, up to key 02
                1/40                 57      64  XACT_BEGIN        "import", 2023-11-14T22:13:20.123456Z
                1/40                 57      64  SUBXACT_ASSIGN    savepoint "a", level 1, parent 57, top 57, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  SUBCOMMIT         released into 57, top 57
                1/40                 57      64  SUBABORT          error 23502, top 57, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  COMMIT_CHILDREN   with 58 60-63
                1/40                 57      64  COMMIT            with 58-60, first record 0/1000, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  ABORT             ROLLBACK, 2023-11-14T22:13:20.123456Z
                1/40                 57      64  CATALOG_CHANGE    table 4, file 5: CREATE TABLE t (id bigint)""", String.join("\n", lines));
    }

    @Test
    void json() {
        List<String> lines = SampleRecords.all().stream()
                .map(record -> RecordJson.line(0x40, 0x80, 57, record))
                .map(line ->
                        line.replace("{\"lsn\":\"0/40\",\"end\":\"0/80\",\"xid\":57,\"bytes\":64,\"record\":", "{"))
                .toList();
        assertEquals("""
                {"SEGMENT_END"}
                {"INCARNATION","incarnation":3,"salt":"abcd","time":1700000000123456}
                {"DURABLE_MARK","durable":"1/1000"}
                {"CHECKPOINT_BEGIN","next_xid":100,"next_file":7,"active":[42,57],"active_first":[4096,8192],"time":1700000000123456}
                {"CHECKPOINT_END","redo_point":"0/1000","time":1700000000123456}
                {"FILE_CREATE","file":5,"table":4}
                {"FILE_EXTEND","file":5,"page":9,"xid_base":40}
                {"FILE_DROP","file":5}
                {"PAGE_IMAGE","file":5,"page":9}
                {"HEAP_INSERT","file":5,"table":4,"page":9,"slot":3,"command":0,"flags":0,"row":"0102ff"}
                {"HEAP_UPDATE","file":5,"table":4,"old_page":9,"old_slot":3,"old_command":1,"old_flags":4,"page":10,"slot":0,"command":1,"flags":0,"row":"07"}
                {"HEAP_HOT_UPDATE","file":5,"table":4,"old_page":9,"old_slot":3,"old_command":1,"old_flags":20,"page":9,"slot":4,"command":1,"flags":32,"row":"07"}
                {"HEAP_DELETE","file":5,"table":4,"page":9,"slot":3,"command":2,"flags":0}
                {"HEAP_PRUNE","file":5,"page":9,"slots":[1,2],"redirects":[3,4],"newest_removed_commit":"0/3000"}
                {"HEAP_FREEZE","file":5,"page":9,"slots":[0],"newest_frozen_commit":"0/3000"}
                {"OVERFLOW_EXTEND","file":4,"page":9}
                {"OVERFLOW_WRITE","file":4,"page":9,"value":2,"index":0,"next":8,"length":9000,"stored":5000,"form":1,"data_bytes":4000}
                {"OVERFLOW_WRITE","file":4,"page":8,"value":2,"index":1,"next":0,"length":0,"stored":0,"form":0,"data_bytes":1000}
                {"OVERFLOW_DELETE","file":4,"page":9}
                {"OVERFLOW_FREE","file":4,"page":8}
                {"INDEX_EXTEND","file":6,"page":9}
                {"INDEX_INSERT","file":6,"page":9,"slot":3,"key":"01ff"}
                {"INDEX_DELETE","file":6,"page":9,"slots":[1,2]}
                {"INDEX_SPLIT","file":6,"page":10,"left":9,"at":4,"separator":"01"}
                {"INDEX_DOWNLINK","file":6,"page":2,"child":10,"slot":1,"separator":"01"}
                {"INDEX_ROOT","file":6,"page":3,"root":1,"level":2}
                {"INDEX_UNLINK","file":6,"page":2,"child":10,"slot":1}
                {"INDEX_ABSORB","file":6,"page":9,"freed":10,"next":11,"high":"02"}
                {"XACT_BEGIN","label":"import","time":1700000000123456}
                {"SUBXACT_ASSIGN","parent":57,"top":57,"level":1,"savepoint":"a","time":1700000000123456}
                {"SUBCOMMIT","parent":57,"top":57}
                {"SUBABORT","top":57,"sqlstate":"23502","time":1700000000123456}
                {"COMMIT_CHILDREN","children":[58,1,60,4]}
                {"COMMIT","children":[58,3],"first":"0/1000","origin":0,"schema_version":2,"time":1700000000123456}
                {"ABORT","sqlstate":null,"time":1700000000123456}
                {"CATALOG_CHANGE","table":4,"file":5,"statement":"CREATE TABLE t (id bigint)"}""", String.join("\n", lines));
    }

    @Test
    void namesCannotDriveATerminal() {
        WalRecord record = new WalRecord.SubxactAssign(57, 57, 1, "\u001b[31m\"", 0);
        String text = RecordText.line(0x40, 0x80, 58, record);
        String json = RecordJson.line(0x40, 0x80, 58, record);
        assertTrue(text.contains("\"\\u001b[31m\\u0022\""), text);
        assertTrue(json.contains("\"savepoint\":\"\\u001b[31m\\\"\""), json);
    }

    @Test
    void manyRunsAreCounted() {
        long[] runs = new long[20];
        for (int i = 0; i < runs.length; i += 2) {
            runs[i] = 100 + 10 * i;
            runs[i + 1] = 2;
        }
        assertEquals("100-101 120-121 140-141 160-161 180-181 200-201 and 4 more runs", RecordText.runs(runs));
    }
}
