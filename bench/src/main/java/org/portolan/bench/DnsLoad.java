package org.portolan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * dnsperf with a file of questions.
 *
 * @param transport udp or tcp
 * @param missing how many of a hundred questions are for names that are not there
 */
record DnsLoad(String name, Path questions, int missing, String transport, Duration length) {
    /** What dnsperf says at its end; of the completed, some had an answer and some no name. */
    record Done(long completed, long lost, double perSecond, long answered, long nameless) {
        static Done of(String said) throws IOException {
            return new Done(
                    Long.parseLong(find(said, "Queries completed: +(\\d+)")),
                    Long.parseLong(find(said, "Queries lost: +(\\d+)")),
                    Double.parseDouble(find(said, "Queries per second: +([\\d.]+)")),
                    Long.parseLong(find(said, "NOERROR (\\d+)")),
                    // Not said when there was none.
                    Long.parseLong(find(said + "NXDOMAIN 0", "NXDOMAIN (\\d+)")));
        }

        private static String find(String said, String pattern) throws IOException {
            Matcher found = Pattern.compile(pattern).matcher(said);
            if (!found.find()) {
                throw new IOException("dnsperf did not say " + pattern + ":\n" + said);
            }
            return found.group(1);
        }

        /** A server that refuses, fails or finds less than it should has won nothing. */
        void check(int missing) throws IOException {
            double share = 100.0 * nameless / completed;
            if (answered + nameless != completed || Math.abs(share - missing) > TOLERANCE) {
                throw new IOException("wrong answers: " + this);
            }
        }
    }

    // Source ports enough that the system spreads them evenly over two sockets or processes.
    private static final int CLIENTS = 20;
    private static final int THREADS = 2;
    // Fits the receive buffers that all have: what overflows them says nothing about servers.
    private static final int ON_THE_WAY = 200;
    // Of two seconds, so that the end of a round does not wait long for what was lost.
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final double TOLERANCE = 2;
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Map<String, String> ENVIRONMENT = Map.of("LC_ALL", "C");

    Done run(int port) throws IOException {
        List<String> command =
                List.of(
                        "dnsperf",
                        "-m" + transport,
                        "-s127.0.0.1",
                        "-p" + port,
                        "-d" + questions,
                        "-c" + CLIENTS,
                        "-T" + THREADS,
                        "-q" + ON_THE_WAY,
                        "-t" + PATIENCE.toSeconds(),
                        "-l" + length.toSeconds());
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(ENVIRONMENT);
        Done done = Done.of(Command.run(builder, length.plus(LIMIT)));
        done.check(missing);
        return done;
    }

    String explanation() {
        return "%d clients by %s, at most %d queries on the way."
                .formatted(CLIENTS, transport.equals("udp") ? "UDP" : "TCP", ON_THE_WAY);
    }
}
