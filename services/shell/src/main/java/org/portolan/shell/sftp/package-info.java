/**
 * SFTP version 3 (draft-ietf-secsh-filexfer-02) on the file tree, and SCP.
 *
 * <p><b>What it speaks.</b> All of version 3, and of OpenSSH's extensions: posix-rename, statvfs,
 * fstatvfs, hardlink, fsync, limits, expand-path, copy-data, home-directory, users-groups-by-id.
 *
 * <p>Packets are answered in the order in which they come, and together where several have come: a
 * client that sends its requests without waiting is answered without pauses. What is read of a file
 * is read to where it is encrypted and sent from ({@code Outgoing}). CLOSE is answered when
 * what was written is on disk, with the file's name.
 *
 * <p><b>What everybody sees.</b> The tree as all protocols show it: {@code /home}, where one
 * begins, {@code /shared}, {@code /public}, {@code /drop}. Nothing above it, and nothing beside it.
 * Owners are numbers that mean something for one conversation; setting them changes nothing.
 *
 * <p><b>Limits.</b> Packets of 257 KiB, 256 KiB of data in one, 512 open handles. A handle that is
 * not this conversation's, a length that lies and an unknown type are refused, and the conversation
 * goes on where the packet's own length was true.
 *
 * <p><b>What it does not do.</b> Versions 4 to 6; owners and groups of single files; times finer
 * than a second, which version 3 has no room for; the lsetstat extension.
 */
@NullMarked
package org.portolan.shell.sftp;

import org.jspecify.annotations.NullMarked;
