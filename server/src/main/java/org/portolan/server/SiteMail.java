package org.portolan.server;

import java.io.IOException;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.portolan.admin.MailReport;
import org.portolan.mail.MailRecords;
import org.portolan.mail.Names;
import org.portolan.stores.DkimKeys;
import org.portolan.stores.StoreException;
import org.portolan.stores.zones.SiteZone;
import org.portolan.stores.zones.Zones;

/** What the site tells the world of its mail, and sees of it there. */
final class SiteMail implements MailReport {
    private final DkimKeys keys;
    private final Zones zones;
    private final Names names;
    private final Supplier<SiteSettings> settings;

    SiteMail(DkimKeys keys, Zones zones, Names names, Supplier<SiteSettings> settings) {
        this.keys = keys;
        this.zones = zones;
        this.names = names;
        this.settings = settings;
    }

    /** The site's own zone, with the texts that mail needs. */
    static SiteZone zone(SiteSettings settings, DkimKeys keys) {
        SiteZone plain = settings.ownZone();
        Map<String, String> texts = new LinkedHashMap<>();
        for (MailRecords.Wanted wanted : records(settings, plain.domain(), keys).wanted()) {
            if (wanted.type().equals("TXT")) {
                texts.put(wanted.name(), wanted.value());
            }
        }
        return plain.with(texts);
    }

    private static MailRecords records(SiteSettings settings, String domain, DkimKeys keys) {
        List<InetAddress> addresses = HostAddresses.of(settings.addresses());
        Map<String, String> texts = new LinkedHashMap<>();
        keys.all().forEach(key -> texts.put(key.selector(), key.text()));
        return new MailRecords(domain, settings.name(), addresses, texts);
    }

    @Override
    public List<Row> records(String domain, boolean ask) {
        MailRecords records = records(settings.get(), domain, keys);
        return (ask ? records.checked(names) : records.wanted())
                .stream().map(SiteMail::row).toList();
    }

    private static Row row(MailRecords.Wanted wanted) {
        String state =
                wanted.state() == MailRecords.State.UNKNOWN
                        ? ""
                        : wanted.state().name().toLowerCase(Locale.ROOT);
        return new Row(
                wanted.name(),
                wanted.type(),
                wanted.value(),
                wanted.needed(),
                state,
                wanted.seen());
    }

    @Override
    public DkimKeys keys() {
        return keys;
    }

    @Override
    public void publish() throws IOException, StoreException {
        zones.reload(zone(settings.get(), keys));
    }
}
