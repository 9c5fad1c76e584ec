/**
 * The file tree: homes, shared folders, a public one and one to leave something in, as ordinary
 * files below DATA/files, the same for all protocols.
 *
 * <pre>
 *   DATA/files/homes/NAME     /home          an account's own, made when it is first used
 *   DATA/files/shared/NAME    /shared/NAME   for those who have a right in it
 *   DATA/files/public         /public        for everybody to read
 *   DATA/files/drop           /drop          to leave something in
 * </pre>
 *
 * Each of these is a space, with rights and a quota in {@code files.db} ({@link
 * org.portolan.stores.Spaces}). An administrator's own tools may be used on all of them at any
 * time; a space may be another disk, or a link to one.
 *
 * <p>A protocol takes a {@link org.portolan.stores.files.View} from the {@link
 * org.portolan.stores.files.FileTree} and calls its verbs. They return when what they did is on
 * disk: the file first, then its folder, once for all who wait for the same folder.
 *
 * <p>Nothing leads out of a space: names are resolved by openat2(2) with RESOLVE_BENEATH below the
 * open top of it, and what was found is opened again by its descriptor, never by its name. Devices,
 * pipes and sockets are shown and not opened, nor is what would run as somebody else.
 *
 * <p>Who has what open stands in one {@link org.portolan.stores.files.LockTable}, with the share
 * modes, byte ranges and pending deletions of SMB; a protocol that has no such things shares
 * everything, and is excluded by who does not. What was changed is told to {@link
 * org.portolan.stores.files.Changes}.
 *
 * <p>A quota counts the sizes of files. It is counted by looking at all of them when it first
 * matters in a run, and kept exactly from then on.
 *
 * <p>Not here: extended attributes, DOS attributes, access lists of single files, owners of single
 * files in a shared folder.
 */
@NullMarked
package org.portolan.stores.files;

import org.jspecify.annotations.NullMarked;
