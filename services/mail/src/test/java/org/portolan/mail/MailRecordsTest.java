package org.portolan.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.portolan.mail.MailRecords.State;

class MailRecordsTest {
    private static final MailRecords RECORDS =
            new MailRecords(
                    "example.org",
                    "mail.example.org",
                    List.of(InetAddress.ofLiteral("192.0.2.25")),
                    Map.of("s", "v=DKIM1; k=rsa; p=AAAA"));

    private static final String[] ALL = {
        "mail.example.org A 192.0.2.25",
        "example.org MX 5 MAIL.example.org.",
        "example.org TXT v=spf1 mx -all",
        "example.org TXT something else",
        "mail.example.org TXT v=spf1 a -all",
        "s._domainkey.example.org TXT v=DKIM1;k=rsa;p=AAAA",
        "_dmarc.example.org TXT v=DMARC1; p=reject",
        "25.2.0.192.in-addr.arpa PTR mail.example.org"
    };

    @Test
    void theWorldSeesThem() {
        assertThat(RECORDS.checked(new StatedNames(ALL)))
                .extracting(MailRecords.Wanted::state)
                .containsExactly(
                        State.OK, State.OK, State.OK, State.OK, State.OK, State.DIFFERS, State.OK);
    }

    @Test
    void whatIsMissingOrOtherwise() {
        StatedNames names =
                new StatedNames(
                        "mail.example.org A 192.0.2.26",
                        "example.org MX 10 other.example",
                        "example.org TXT v=spf1 -all",
                        "example.org TXT v=spf1 mx -all",
                        "s._domainkey.example.org TXT TRYAGAIN");
        List<MailRecords.Wanted> checked = RECORDS.checked(names);
        assertThat(checked)
                .extracting(MailRecords.Wanted::state)
                .containsExactly(
                        State.DIFFERS,
                        State.DIFFERS,
                        State.DIFFERS,
                        State.MISSING,
                        State.UNANSWERED,
                        State.MISSING,
                        State.MISSING);
        assertThat(checked.get(1).seen()).isEqualTo("10 other.example.");
    }
}
