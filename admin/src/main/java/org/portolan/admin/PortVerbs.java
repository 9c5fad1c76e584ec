package org.portolan.admin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.portolan.kernel.registry.Lane;
import org.portolan.kernel.registry.PortRegistry;
import org.portolan.stores.StoreException;

/** {@code portolan ports}: what this site serves, and what any port is for. */
final class PortVerbs implements Callable<Integer> {
    private final Optional<SitePorts> site;
    private final String whyNoSite;
    private final Operator operator;
    private final PortOptions options = new PortOptions();

    private PortVerbs(Optional<SitePorts> site, String whyNoSite, Operator operator) {
        this.site = site;
        this.whyNoSite = whyNoSite;
        this.operator = operator;
    }

    /** Inside a server. */
    PortVerbs(SitePorts site, Operator operator) {
        this(Optional.of(site), "", operator);
    }

    /** Where no server runs, for the reason {@code why}: what a port is for needs none. */
    static PortVerbs withoutServer(String why, Operator operator) {
        return new PortVerbs(Optional.empty(), why, operator);
    }

    PortOptions options() {
        return options;
    }

    @Override
    public Integer call() throws IOException, StoreException, Refusal {
        if (options.aboutSite()) {
            SitePorts served = site.orElseThrow(() -> Refusal.failed(whyNoSite));
            operator.say(options.json() ? servedForPrograms(served) : served.table());
            return Verbs.DONE;
        }
        PortRegistry registry = PortRegistry.read();
        PortPage page = new PortPage(registry, servedDoors(), commands());
        List<PortQuestion> questions = new ArrayList<>();
        for (String typed : options.questions()) { // all of them first, as one may be wrong
            questions.add(PortQuestion.of(typed, registry));
        }
        operator.say(
                options.json() ? forPrograms(page, registry, questions) : people(page, questions));
        return Verbs.DONE;
    }

    private List<ServedDoor> servedDoors() {
        return site.map(SitePorts::doors).orElse(List.of());
    }

    private Optional<PasteReady> commands() throws StoreException {
        return site.isPresent() ? Optional.of(site.get().commands()) : Optional.empty();
    }

    private static String servedForPrograms(SitePorts served) throws StoreException {
        PasteReady commands = served.commands();
        return Json.page(
                served.doors().stream().map(door -> SitePorts.entry(door, commands)).toList());
    }

    private String people(PortPage page, List<PortQuestion> questions) {
        List<String> parts = new ArrayList<>();
        if (options.all()) {
            parts.add(page.table(0, PortRegistry.LAST_PORT, List.of(Lane.values())));
        }
        for (PortQuestion question : questions) {
            parts.add(
                    switch (question) {
                        case PortQuestion.OfNumber one -> page.number(one.number(), one.lanes());
                        case PortQuestion.OfRange range ->
                                page.range(range.first(), range.last(), range.lanes());
                        case PortQuestion.OfName name -> page.entries(name.found());
                    });
        }
        return String.join("\n", parts);
    }

    private String forPrograms(PortPage page, PortRegistry registry, List<PortQuestion> questions) {
        List<Map<String, Object>> entries = new ArrayList<>();
        if (options.all()) {
            registry.all().forEach(known -> entries.add(page.entry(known)));
        }
        for (PortQuestion question : questions) {
            switch (question) {
                case PortQuestion.OfNumber one ->
                        one.lanes().forEach(lane -> entries.add(page.entry(one.number(), lane)));
                case PortQuestion.OfRange range ->
                        registry.within(range.first(), range.last()).stream()
                                .filter(known -> range.lanes().contains(known.lane()))
                                .forEach(known -> entries.add(page.entry(known)));
                case PortQuestion.OfName name ->
                        name.found().forEach(known -> entries.add(page.entry(known)));
            }
        }
        return Json.page(entries);
    }
}
