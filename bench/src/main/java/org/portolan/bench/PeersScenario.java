package org.portolan.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The peers among themselves: which durable delivery and which mailbox format is the fastest. */
final class PeersScenario implements Scenario {
    private static final List<String> FORMATS = List.of("sdbox", "mdbox", "maildir");

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        List<Section> sections = new ArrayList<>(deliveries(stage, options));
        List<Contender> stores = new ArrayList<>();
        for (String format : FORMATS) {
            stores.add(stage.add(format, List.of(Program.DOVECOT), Map.of("FORMAT", format)));
        }
        for (Contender store : stores) {
            store.open();
        }
        sections.addAll(Pop3Scenario.compare(stores, stage.work(), options));
        return sections;
    }

    private static List<Section> deliveries(Stage stage, Options options) throws IOException {
        List<Contender> deliveries = new ArrayList<>();
        deliveries.add(stage.add("virtual(8)", List.of(Program.POSTFIX), Map.of()));
        for (String format : FORMATS) {
            deliveries.add(
                    stage.add(
                            "LMTP, " + format,
                            List.of(Program.DOVECOT, Program.POSTFIX),
                            Map.of("TRANSPORT", "lmtp", "FORMAT", format)));
        }
        List<Section> sections = new ArrayList<>();
        for (Contender contender : deliveries) {
            contender.open();
        }
        for (SmtpLoad load : SmtpScenario.loads(options.messages())) {
            sections.add(SmtpScenario.compare(load, deliveries, stage.work(), options));
        }
        for (Contender contender : deliveries) {
            contender.close();
        }
        return sections;
    }
}
