package org.portolan.stores.files;

/**
 * Which file it is, whatever it is called: two names of one file have the same.
 *
 * @param device the file system it lies in
 * @param number its number there; given again once the file is gone
 */
public record FileId(long device, long number) implements Comparable<FileId> {
    @Override
    public int compareTo(FileId other) {
        int order = Long.compareUnsigned(device, other.device);
        return order != 0 ? order : Long.compareUnsigned(number, other.number);
    }
}
