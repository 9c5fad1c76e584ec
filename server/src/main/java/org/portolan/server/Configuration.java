package org.portolan.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Everything that the settings say.
 *
 * @param problems what is wrong with them; if there is anything, the rest must not be used
 */
record Configuration(SiteSettings site, Services services, List<String> problems) {
    /** Reads {@code file}; what is not there is all defaults. */
    static Configuration read(Path file) throws IOException {
        return of(SettingsFile.read(file));
    }

    /** Lets every setting of {@code file} be read. */
    static Configuration of(SettingsFile file) {
        SiteSettings site = SiteSettings.read(file);
        Services services = Services.read(file);
        return new Configuration(site, services, file.problems());
    }
}
