/**
 * A site in one file: taken while it serves, verified anywhere, restored into an empty folder.
 *
 * <p>The file is a tar archive (POSIX ustar, with pax headers for long names and large files),
 * compressed by gzip when it is written to disk, so that a site can be had back without Portolan.
 * In this order it holds
 *
 * <pre>
 *   BACKUP                      the head: format, site, version, time
 *   stores/mail.db …            every database, as it was at one moment
 *   stores/site.key, …          every other file of the data directory that cannot be made again
 *   portolan.toml               the settings, if there are any
 *   stores/bodies/10/10001 …    the body of each message that mail.db names
 *   files/homes/ada/ …          the file tree: folders, and files with their times and modes
 *   MANIFEST                    the head again, size and SHA-256 of each file, and the end
 * </pre>
 *
 * <p>The order is what makes it right. A body is on disk before the row that names it and is not
 * deleted while a backup runs ({@link org.portolan.stores.mail.Mail#holdBodies}), so each message
 * that the copied database lists finds its body in what is copied later. Mail and the list of
 * homes are copied before accounts: nobody who is added between them can be taken for the owner of
 * what he never had.
 *
 * <p>The file tree is read last, file by file while others go on. Each file that was uploaded whole
 * is whole in the archive, for a new one is another file; one that is written to in place may be
 * taken in the midst of it, and one that shrinks is filled up with zeros and said to be damaged.
 * Symbolic links, devices, uploads under way and names that are no text are left out, two names of
 * one file become two files.
 *
 * <p>What is in the data directory is taken unless it is known that it can be made again: a folder
 * that a later service keeps there is in the backup without anybody having thought of it.
 *
 * <p>An archive holds every secret of its site.
 */
@NullMarked
package org.portolan.stores.backup;

import org.jspecify.annotations.NullMarked;
