package org.portolan.shell.ssh;

import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.cipher.BuiltinCiphers;
import org.apache.sshd.common.cipher.Cipher;

/** The ciphers that are offered. */
final class Ciphers {
    static final List<NamedFactory<Cipher>> ALL =
            List.of(
                    new ChaCha20Poly1305.Named(),
                    BuiltinCiphers.aes128gcm,
                    BuiltinCiphers.aes256gcm,
                    BuiltinCiphers.aes128ctr,
                    BuiltinCiphers.aes192ctr,
                    BuiltinCiphers.aes256ctr);

    private Ciphers() {}
}
