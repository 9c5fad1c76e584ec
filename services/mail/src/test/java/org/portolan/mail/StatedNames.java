package org.portolan.mail;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Names as a test states them, a line for each record: {@code example.org MX 10 mx.example.org},
 * {@code x.example TXT v=spf1 -all}, {@code y.example CNAME x.example}, {@code
 * 1.2.0.192.in-addr.arpa PTR y.example}; {@code z.example A TRYAGAIN} for a look-up that fails,
 * {@code * TXT TRYAGAIN} for all of a kind, {@code z.example * TRYAGAIN} for what is not stated. A
 * name with any record, or anything below it, exists.
 */
public class StatedNames implements Names {
    private static final String TRY_AGAIN = "TRYAGAIN";

    private final Map<String, Map<String, List<String>>> records = new HashMap<>();
    private int lookUps;

    public StatedNames(String... lines) {
        for (String line : lines) {
            add(line);
        }
    }

    /** Adds one record, or a failure. */
    public synchronized void add(String line) {
        String[] words = line.split(" ", 3);
        add(words[0], words[1], words.length > 2 ? words[2] : "");
    }

    /** Adds one record of a name in which there may be blanks. */
    public synchronized void add(String name, String type, String data) {
        records.computeIfAbsent(key(name), _ -> new HashMap<>())
                .computeIfAbsent(type, _ -> new ArrayList<>())
                .add(data);
    }

    /** Forgets what was said of a name. */
    public synchronized void remove(String name) {
        records.remove(key(name));
    }

    /** How often something was asked. */
    public synchronized int lookUps() {
        return lookUps;
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT).replaceFirst("\\.$", "");
    }

    @Override
    public Answer<Exchanger> exchangers(String domain) {
        return ask(domain, "MX", StatedNames::exchanger);
    }

    private static Exchanger exchanger(String data) {
        String[] words = data.split(" ", 2);
        return new Exchanger(Integer.parseInt(words[0]), words[1].replaceFirst("\\.$", ""));
    }

    @Override
    public Answer<InetAddress> ipv4(String host) {
        return ask(host, "A", InetAddress::ofLiteral);
    }

    @Override
    public Answer<InetAddress> ipv6(String host) {
        return ask(host, "AAAA", InetAddress::ofLiteral);
    }

    @Override
    public Answer<String> texts(String name) {
        return ask(name, "TXT", text -> text);
    }

    @Override
    public Answer<String> pointers(InetAddress address) {
        StringBuilder name = new StringBuilder();
        byte[] bytes = address.getAddress();
        for (int i = bytes.length - 1; i >= 0; i--) {
            int b = bytes[i] & 0xff;
            name.append(
                    bytes.length == 4
                            ? b + "."
                            : Integer.toHexString(b & 0xf)
                                    + "."
                                    + Integer.toHexString(b >> 4)
                                    + ".");
        }
        return ask(name + (bytes.length == 4 ? "in-addr.arpa" : "ip6.arpa"), "PTR", text -> text);
    }

    private synchronized <T> Answer<T> ask(String name, String type, Function<String, T> value) {
        lookUps++;
        String at = key(name);
        for (int aliases = 0; aliases < 10; aliases++) {
            Map<String, List<String>> there = records.getOrDefault(at, Map.of());
            List<String> found = there.getOrDefault(type, List.of());
            List<String> always = records.getOrDefault("*", Map.of()).getOrDefault(type, List.of());
            boolean silent = found.isEmpty() && there.containsKey("*");
            if (silent || found.contains(TRY_AGAIN) || always.contains(TRY_AGAIN)) {
                return new Answer.TryAgain<>("the test says so");
            }
            if (!found.isEmpty()) {
                List<T> values = found.stream().map(value).toList();
                return new Answer.Found<>(values, at, Duration.ofHours(1), false);
            }
            if (!there.containsKey("CNAME")) {
                return exists(at) ? new Answer.NoRecord<>(false) : new Answer.NoSuchName<>(false);
            }
            at = key(there.get("CNAME").getFirst());
        }
        return new Answer.TryAgain<>("aliases without end");
    }

    private boolean exists(String name) {
        return records.keySet().stream().anyMatch(k -> k.equals(name) || k.endsWith("." + name));
    }
}
