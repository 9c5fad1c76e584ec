package org.portolan.server;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.time.Instant;

/** The files that this program was started from. */
final class ProgramFiles {
    private ProgramFiles() {}

    /** Whether they are others by now, so that a restart would run another Portolan. */
    static boolean changedSince(Instant start) {
        CodeSource source = ProgramFiles.class.getProtectionDomain().getCodeSource();
        try {
            return source != null
                    && Files.getLastModifiedTime(Path.of(source.getLocation().toURI()))
                            .toInstant()
                            .isAfter(start);
        } catch (URISyntaxException | IOException e) {
            return true; // they are not there any more
        }
    }
}
