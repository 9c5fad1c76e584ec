package org.portolan.stores.files;

/**
 * How much room there is, in bytes.
 *
 * @param total what the disk, or the quota where there is one, holds in all
 * @param free what may still be added
 * @param used of the quota; 0 where there is none
 * @param quota 0 for none
 */
public record Room(long total, long free, long used, long quota) {}
