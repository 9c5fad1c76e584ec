package org.portolan.files.tftp;

import org.portolan.kernel.Section;
import org.portolan.kernel.Size;

/**
 * What an administrator can set.
 *
 * @param uploads whether files may be left in the drop folder
 * @param largest the largest of them
 * @param block the largest block a client is granted, in bytes
 * @param transfers how many there may be at once
 */
public record TftpSettings(boolean uploads, Size largest, int block, int transfers) {
    /** Reads them, with their sentences and defaults. */
    public static TftpSettings read(Section in) {
        return new TftpSettings(
                in.flag(
                        "uploads",
                        false,
                        "Whether files may be left in the drop folder, once `portolan files grant"
                                + " drop drop everybody` lets strangers in; nothing there is shown"
                                + " or overwritten."),
                in.size("upload_size", "100 MB", "The largest file that is taken."),
                in.number(
                        "block_size",
                        65_464,
                        512,
                        65_464,
                        "The largest block that a client is granted, in bytes; 1428 keeps packets"
                                + " of Ethernet whole."),
                in.number("transfers", 4_096, 1, 60_000, "The most transfers at once."));
    }
}
