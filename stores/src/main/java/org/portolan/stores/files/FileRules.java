package org.portolan.stores.files;

/**
 * What the settings say of the file tree.
 *
 * @param uploads when a file that is being uploaded becomes visible
 * @param links what is done with symbolic links
 * @param homeQuota how many bytes a home may hold; 0 for no limit
 * @param sharedQuota how many bytes a shared folder may hold, the drop folder too
 */
public record FileRules(Uploads uploads, Links links, long homeQuota, long sharedQuota) {
    public static final FileRules USUAL = new FileRules(Uploads.WHOLE, Links.FOLLOWED, 0, 0);

    /** When a file that is being uploaded becomes visible. */
    public enum Uploads {
        /** When all of it is there and on disk; what breaks off leaves what was there before. */
        WHOLE,
        /** At once, and what breaks off stays and can be resumed. */
        IN_PLACE
    }

    /** What is done with symbolic links. */
    public enum Links {
        /** They are neither followed nor made. */
        IGNORED,
        /** They are followed where they stay inside their space; no visitor makes one. */
        FOLLOWED,
        /** Those who may write may make them, too, and hard links as well. */
        MADE
    }
}
