/**
 * SSH, port 22: the way to the site's console.
 *
 * <p><b>What it speaks.</b> RFC 4251 to 4254 and 4256, by Apache MINA SSHD over the kernel's
 * connections. Key exchange: ML-KEM-768 and sntrup761 with X25519, X25519 alone; strict, so that
 * nothing can be cut out of its beginning (Terrapin, CVE-2023-48795). Ciphers: chacha20-poly1305,
 * AES-GCM, and AES-CTR with an HMAC, over what is encrypted where the client can. Host keys:
 * Ed25519, ECDSA P-256, RSA 3072; {@code portolan ssh hostkeys} shows them.
 *
 * <p><b>Log-ins.</b> Public keys of the account ({@code portolan account key}), its password, or
 * its password as the answer to a question. Passwords pass the guard that all services share: who
 * guesses waits, then is refused. A stranger's name costs as much time as a wrong password, and ten
 * attempts end the conversation; keys that do not fit are attempts, but no guesses.
 *
 * <p><b>Sessions.</b> A shell is the console, a command is one of its verbs with its exit status;
 * SFTP and SCP are {@code org.portolan.shell.sftp}.
 * Nothing leads to a program of the host, and what a client sets as its environment is not looked
 * at but for the kind and size of its terminal.
 *
 * <p><b>What it does not do.</b> Forwarding of ports, agents or X11; certificates of users or
 * hosts; host-based log-ins; compression; anything with SHA-1, CBC, or the NIST curves as key
 * exchange; rsync; questions to a silent client whether it is still there, beyond TCP's own.
 *
 * <p><b>Limits.</b> Logged in within {@code login_time}; {@code idle} without a byte from the peer;
 * 32 channels; packets of 256 KiB at most; windows of 2 MiB; 4 MiB that wait for a peer that does
 * not read, which is reset after a minute. New keys after a gigabyte or an hour.
 *
 * <p>{@code SshService} hands a connection to the library, {@code KernelSession} is what the
 * library takes for a socket, {@code SshLibrary} says how the library is set, {@code LogIns} who
 * may come in, {@code SshCommands} what runs in a channel.
 */
@NullMarked
package org.portolan.shell.ssh;

import org.jspecify.annotations.NullMarked;
