package dev.cairn.tools.log;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Contents of rows that may not be shown: as many bytes of a hash, equal for equal contents. Stateless. */
public final class RowBytes {

    private RowBytes() {}

    /** As many bytes as given, all of them from SHA-256 of the given ones. */
    public static byte[] obfuscated(byte[] data) {
        byte[] out = new byte[data.length];
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] seed = digest.digest(data);
            for (int at = 0, block = 0; at < out.length; block++) {
                digest.update(seed);
                byte[] bytes = digest.digest(
                        ByteBuffer.allocate(Integer.BYTES).putInt(block).array());
                int take = Math.min(bytes.length, out.length - at);
                System.arraycopy(bytes, 0, out, at, take);
                at += take;
            }
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every Java platform has SHA-256", e);
        }
        return out;
    }
}
