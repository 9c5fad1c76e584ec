package org.portolan.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.portolan.kernel.Port;
import org.portolan.kernel.firewall.Firewall;
import org.portolan.kernel.firewall.Rule;

/** What the firewall's word costs, within this process, on one thread: for each packet, one. */
final class VerdictScenario implements Scenario {
    private static final String MANY = "1,000 rules";
    private static final String FEW = "10 rules";
    private static final int MANY_RULES = 1_000;
    private static final int FEW_RULES = 10;
    private static final int ADDRESSES = 1 << 16; // too many for the processor's nearest cache
    private static final int SEED = 4711;
    private static final Port DOMAIN = new Port(53, "domain");

    @Override
    public List<Section> run(Stage stage, Options options) throws IOException {
        stage.portolan(); // whose version stands above the tables
        List<Section> sections = new ArrayList<>();
        for (int bytes : new int[] {4, 16}) {
            Firewall many = firewall(MANY_RULES, bytes);
            Firewall few = firewall(FEW_RULES, bytes);
            InetAddress[] addresses = addresses(bytes);
            Results results = new Results(List.of(MANY, FEW));
            for (int round = 1 - options.warmUps(); round <= options.rounds(); round++) {
                double ofMany = measure(many, addresses, options.sizes().seconds());
                double ofFew = measure(few, addresses, options.sizes().seconds());
                if (round > 0) {
                    results.add(MANY, Metric.VERDICT, ofMany);
                    results.add(FEW, Metric.VERDICT, ofFew);
                }
            }
            String family = bytes == 4 ? "IPv4" : "IPv6";
            String explanation =
                    "Rules about random networks, a third of them for other services; random"
                            + " addresses; one thread.";
            sections.add(new Section("Verdict, " + family, explanation, results.table()));
        }
        return sections;
    }

    /** Nanoseconds for each. */
    private static double measure(Firewall firewall, InetAddress[] addresses, int seconds) {
        long begin = System.nanoTime();
        long end = begin + seconds * 1_000_000_000L;
        long verdicts = 0;
        long admitted = 0;
        while (System.nanoTime() < end) {
            for (InetAddress from : addresses) {
                admitted += firewall.judge("dns", DOMAIN, "udp", from).admitted() ? 1 : 0;
            }
            verdicts += addresses.length;
        }
        if (admitted == 0 || admitted == verdicts) {
            throw new IllegalStateException("rules that say the same of everybody prove nothing");
        }
        return (double) (System.nanoTime() - begin) / verdicts;
    }

    private static Firewall firewall(int count, int bytes) {
        Random random = new Random(SEED);
        String[] services = {"dns", "all", "smtp"};
        List<Rule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String verb = i % 2 == 0 ? "allow" : "deny";
            String service = services[random.nextInt(services.length)];
            String network = address(random, bytes).getHostAddress() + "/" + length(random, bytes);
            rules.add(Rule.of(verb + " " + service + " from " + network));
        }
        return Firewall.of(Map.of("here", rules), null);
    }

    /** From whole provinces to a single street. */
    private static int length(Random random, int bytes) {
        return 2 + random.nextInt(bytes * 6);
    }

    private static InetAddress[] addresses(int bytes) {
        Random random = new Random(SEED + 1);
        InetAddress[] addresses = new InetAddress[ADDRESSES];
        for (int i = 0; i < ADDRESSES; i++) {
            addresses[i] = address(random, bytes);
        }
        return addresses;
    }

    private static InetAddress address(Random random, int bytes) {
        byte[] address = new byte[bytes];
        random.nextBytes(address);
        try {
            return InetAddress.getByAddress(address);
        } catch (IOException impossible) {
            throw new IllegalStateException("of a wrong length", impossible);
        }
    }
}
