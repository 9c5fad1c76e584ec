package org.portolan.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Everything that the settings say.
 *
 * @param values what counts for each setting, as the file writes it
 * @param problems what is wrong with them; if there is anything, the rest must not be used
 */
record Configuration(
        SiteSettings site, Services services, Map<String, String> values, List<String> problems) {
    /** Reads {@code file}; what is not there is all defaults. */
    static Configuration read(Path file) throws IOException {
        return of(SettingsFile.read(file));
    }

    /** Lets every setting of {@code file} be read. */
    static Configuration of(SettingsFile file) {
        SiteSettings site = SiteSettings.read(file);
        Services services = Services.read(file);
        return new Configuration(site, services, file.values(), file.problems());
    }
}
