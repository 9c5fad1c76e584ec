package org.portolan.stores.backup;

import java.util.Arrays;

/** The bodies that an archive holds, with their sizes: numbers, because there may be millions. */
final class BodyList {
    private static final long NONE = -1;

    private long[] numbers = new long[1024];
    private long[] sizes = new long[1024];
    private int count;
    private boolean sorted = true;

    void add(long number, long size) {
        if (count == numbers.length) {
            numbers = Arrays.copyOf(numbers, count * 2);
            sizes = Arrays.copyOf(sizes, count * 2);
        }
        sorted &= count == 0 || numbers[count - 1] < number;
        numbers[count] = number;
        sizes[count] = size;
        count++;
    }

    /** Whether they came in the order of their numbers, each once, as an archive has them. */
    boolean sorted() {
        return sorted;
    }

    int count() {
        return count;
    }

    /** The size of body {@code number}; negative if it is not there. */
    long size(long number) {
        int found = Arrays.binarySearch(numbers, 0, count, number);
        return found < 0 ? NONE : sizes[found];
    }
}
