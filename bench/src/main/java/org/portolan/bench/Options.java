package org.portolan.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param scenarios what to run, in order
 * @param rounds measured rounds of each trial, after the warm-ups
 * @param sizes of what is done in a round
 * @param trial what the title of a trial of SMTP, IMAP or files has to hold; empty for all of them
 * @param work folder for everything that is written, on the file system to be measured
 * @param write puts the tables into docs/benchmarks.md
 */
record Options(
        List<String> scenarios,
        int rounds,
        int warmUps,
        Sizes sizes,
        String trial,
        Path work,
        boolean write) {
    /**
     * How much there is to do.
     *
     * @param messages of 4 KB in an SMTP round, and in the IMAP mailbox; other sizes follow from
     *     it, such as the queue's, which is ten times as long
     * @param seconds length of a round that is as long as it is told to be
     * @param idle connections to hold open
     * @param files of 4 KB to be fetched one by one; ten times as many are listed
     * @param megabytes of the one large file
     */
    record Sizes(int messages, int seconds, int idle, int files, int megabytes) {
        static final Sizes USUAL = new Sizes(10_000, 5, 10_000, 10_000, 1_000);

        private Sizes with(String option, int number) {
            return switch (option) {
                case "--messages" -> new Sizes(number, seconds, idle, files, megabytes);
                case "--seconds" -> new Sizes(messages, number, idle, files, megabytes);
                case "--idle" -> new Sizes(messages, seconds, number, files, megabytes);
                case "--files" -> new Sizes(messages, seconds, idle, number, megabytes);
                default -> new Sizes(messages, seconds, idle, files, number);
            };
        }
    }

    static final String USAGE =
            """
            usage: bench/run [SCENARIO...] [options]
              smtp, pop3     mail, beside Postfix and Dovecot
              imap           a mailbox of --messages, beside Dovecot
              startup, idle  start-up, and connections that say nothing
              dns            queries, beside NSD and Knot DNS
              zone-load      a zone of a million records, from its file to its first answer
              ntp            requests, beside chronyd
              ftp            files, large, small and many, beside vsftpd
              tftp           one client and many, beside tftpd-hpa and atftpd
              ssh            SFTP and log-ins, beside OpenSSH
              verdict        the firewall's word about an address, among a thousand rules
              storm          answers of services while passwords are guessed at others
              all            all of these, which is what no name means
              peers          the mail servers' own ways, to choose the fastest
              --rounds N     measured rounds of each trial (5)
              --warm-ups N   rounds before them that do not count (2)
              --messages N   messages of 4 KB in an SMTP round; its queue has tenfold (10000)
              --seconds N    length of a round of IMAP, POP3, DNS, NTP or file transfers (5)
              --idle N       connections held open (10000)
              --files N      files of 4 KB to be fetched; ten times as many are listed (10000)
              --megabytes N  length of the one large file (1000)
              --trial TEXT   of smtp, imap, ftp, tftp and ssh only what has the text in its title
              --work FOLDER  where servers keep their data, on a real disk (/var/tmp)
              --write        puts the tables into docs/benchmarks.md
            bench/run dns zone-load ntp --rounds 3 --warm-ups 1 --seconds 3 takes ten minutes.
            """;

    private static final List<String> ALL =
            List.of(
                    "smtp",
                    "pop3",
                    "imap",
                    "startup",
                    "idle",
                    "dns",
                    "zone-load",
                    "ntp",
                    "ftp",
                    "tftp",
                    "ssh",
                    "verdict",
                    "storm");

    private static final Set<String> SIZES =
            Set.of("--messages", "--seconds", "--idle", "--files", "--megabytes");

    /** Throws IllegalArgumentException with what is wrong. */
    static Options parse(String[] arguments) {
        Options options = new Options(List.of(), 5, 2, Sizes.USUAL, "", Path.of("/var/tmp"), false);
        Queue<String> words = new ArrayDeque<>(List.of(arguments));
        while (!words.isEmpty()) {
            options = options.with(words.remove(), words);
        }
        return options.scenarios.isEmpty() ? options.with("all", words) : options;
    }

    private Options with(String word, Queue<String> words) {
        if (ALL.contains(word) || word.equals("peers")) {
            return withScenarios(List.of(word));
        }
        if (SIZES.contains(word)) {
            Sizes changed = sizes.with(word, number(word, words));
            return new Options(scenarios, rounds, warmUps, changed, trial, work, write);
        }
        return switch (word) {
            case "all" -> withScenarios(ALL);
            case "--rounds" -> withRounds(number(word, words), warmUps);
            case "--warm-ups" -> withRounds(rounds, number(word, words));
            case "--trial" -> withTrial(value(word, words));
            case "--work" -> withFiles(Path.of(value(word, words)).toAbsolutePath(), write);
            case "--write" -> withFiles(work, true);
            default -> throw new IllegalArgumentException("unknown: " + word);
        };
    }

    private Options withScenarios(List<String> more) {
        List<String> all = Stream.concat(scenarios.stream(), more.stream()).distinct().toList();
        return new Options(all, rounds, warmUps, sizes, trial, work, write);
    }

    private Options withRounds(int newRounds, int newWarmUps) {
        return new Options(scenarios, newRounds, newWarmUps, sizes, trial, work, write);
    }

    private Options withTrial(String text) {
        return new Options(scenarios, rounds, warmUps, sizes, text, work, write);
    }

    private Options withFiles(Path newWork, boolean newWrite) {
        return new Options(scenarios, rounds, warmUps, sizes, trial, newWork, newWrite);
    }

    private static int number(String option, Queue<String> words) {
        String text = value(option, words);
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException(option + " wants a positive number, not " + text);
        }
        return Integer.parseInt(text);
    }

    private static String value(String option, Queue<String> words) {
        String text = words.poll();
        if (text == null) {
            throw new IllegalArgumentException(option + " wants a value");
        }
        return text;
    }

    /** Whether a trial of that title is wanted. */
    boolean wants(String title) {
        return title.contains(trial);
    }

    int messages() {
        return sizes.messages;
    }

    int seconds() {
        return sizes.seconds;
    }

    int idle() {
        return sizes.idle;
    }

    int files() {
        return sizes.files;
    }

    int megabytes() {
        return sizes.megabytes;
    }

    /** The command that would measure this again. */
    String command(String scenario) {
        return ("bench/run %s --rounds %d --warm-ups %d --messages %d --seconds %d --idle %d"
                        + " --files %d --megabytes %d%s")
                .formatted(
                        scenario,
                        rounds,
                        warmUps,
                        messages(),
                        seconds(),
                        idle(),
                        files(),
                        megabytes(),
                        trial.isEmpty() ? "" : " --trial '" + trial + "'");
    }
}
