package org.portolan.kernel.registry;

/** A part of the numbers from 0 to 65535, as IANA divides them (RFC 6335 §6). */
public enum PortClass {
    WELL_KNOWN(
            0,
            1023,
            "well-known",
            "given by IANA to services that everybody has; on most systems only root opens them"),
    REGISTERED(
            1024,
            49_151,
            "registered",
            "given by IANA to whoever asks with good reason; any user may open them, and many"
                    + " programs use one without asking"),
    DYNAMIC(
            49_152,
            65_535,
            "dynamic",
            "given to nobody: the system hands them out for a moment, as the near end of outgoing"
                    + " connections, and to services that tell their port by another");

    private final int first;
    private final int last;
    private final String word;
    private final String meaning;

    PortClass(int first, int last, String word, String meaning) {
        this.first = first;
        this.last = last;
        this.word = word;
        this.meaning = meaning;
    }

    /** The class of {@code number}, which is 0 to 65535. */
    public static PortClass of(int number) {
        for (PortClass one : values()) {
            if (number >= one.first && number <= one.last) {
                return one;
            }
        }
        throw new IllegalArgumentException("no such port: " + number);
    }

    public int first() {
        return first;
    }

    public int last() {
        return last;
    }

    /** {@code well-known}, {@code registered} or {@code dynamic}. */
    public String word() {
        return word;
    }

    /** What such a number means, for people, beginning in lower case. */
    public String meaning() {
        return meaning;
    }
}
