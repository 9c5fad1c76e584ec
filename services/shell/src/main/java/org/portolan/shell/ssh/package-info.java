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
 * attempts end the conversation; keys that do not fit are attempts, but no guesses. App passwords
 * ({@code portolan account app-password}) are for mail and files and open no console.
 *
 * <p><b>Sessions.</b> A shell is the console, a command is one of its verbs with its exit status;
 * SFTP and SCP are {@code org.portolan.shell.sftp}. A status is said before the end of the output:
 * PuTTY closes a channel when it hears that end. A signal (RFC 4254 §6.9) ends what runs. Nothing
 * leads to a program of the host, and what a client sets as its environment is not looked at but
 * for the kind and size of its terminal.
 *
 * <p><b>Forwarding.</b> Ports, by rules that name accounts or groups and hosts ({@code forward} in
 * the settings), and not at all without one: what a client reaches (direct-tcpip, so also the SOCKS
 * of {@code ssh -D}), and ports that it has opened here (tcpip-forward). The sockets are the
 * kernel's second ones, of the service {@code forward}; the firewall decides who may come to a port
 * that was opened. A name is looked up here, and the address that was judged is the one that is
 * called; addresses that mean no host (0.0.0.0) are never reached.
 *
 * <p><b>Silent peers.</b> After {@code keep_alive} of silence a peer is asked whether it is there,
 * as OpenSSH asks; three questions without an answer end the conversation. Answers are no use of
 * it: {@code idle} counts what else comes, a client's own questions among it.
 *
 * <p><b>What it does not do.</b> Forwarding of agents, X11 or Unix sockets; certificates of users
 * or hosts; host-based log-ins; compression; anything with SHA-1, CBC, or the NIST curves as key
 * exchange; rsync, which is a program of its own at both ends and no protocol with a description.
 *
 * <p><b>Limits.</b> Logged in within {@code login_time}; {@code idle} without anything from the
 * peer; 32 sessions and 128 forwarded connections, of which one more is declined; 10 ports opened;
 * packets of 256 KiB at most; windows of 2 MiB, of 256 KiB where ports are forwarded; 4 MiB that
 * wait for a peer that does not read, which is reset after a minute. New keys after a gigabyte or
 * an hour.
 *
 * <p>{@code SshService} hands a connection to the library, {@code SshInput} what comes from it,
 * {@code KernelSession} is what the library takes for a socket, {@code ChannelOutput} what files
 * leave by, {@code SshLibrary} says how the library is set, {@code LogIns} who may come in, {@code
 * SshCommands} what runs in a channel, {@code Forwarding} which ports are forwarded and {@code
 * Tunnel} how, {@code StillThere} asks silent peers.
 */
@NullMarked
package org.portolan.shell.ssh;

import org.jspecify.annotations.NullMarked;
