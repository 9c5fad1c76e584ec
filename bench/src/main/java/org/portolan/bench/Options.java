package org.portolan.bench;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.stream.Stream;

/**
 * The command line.
 *
 * @param scenarios what to run, in order
 * @param rounds measured rounds of each trial, after the warm-ups
 * @param messages of 4 KB in an SMTP round, and in the IMAP mailbox; other sizes follow from it
 * @param seconds length of a POP3, DNS or NTP round
 * @param idle connections to hold open
 * @param work folder for everything that is written, on the file system to be measured
 * @param write puts the tables into docs/benchmarks.md
 */
record Options(
        List<String> scenarios,
        int rounds,
        int warmUps,
        int messages,
        int seconds,
        int idle,
        Path work,
        boolean write) {
    static final String USAGE =
            """
            usage: bench/run [SCENARIO...] [options]
              smtp, pop3     mail, beside Postfix and Dovecot
              imap           a mailbox of --messages, beside Dovecot
              startup, idle  start-up, and connections that say nothing
              dns            queries, beside NSD and Knot DNS
              zone-load      a zone of a million records, from its file to its first answer
              ntp            requests, beside chronyd
              all            all of these, which is what no name means
              peers          the mail servers' own ways, to choose the fastest
              --rounds N     measured rounds of each trial (5)
              --warm-ups N   rounds before them that do not count (2)
              --messages N   messages of 4 KB in an SMTP round (10000)
              --seconds N    length of a POP3, DNS or NTP round (5)
              --idle N       connections held open (10000)
              --work FOLDER  where servers keep their data, on a real disk (/var/tmp)
              --write        puts the tables into docs/benchmarks.md
            bench/run dns zone-load ntp --rounds 3 --warm-ups 1 --seconds 3 takes ten minutes.
            """;

    private static final List<String> ALL =
            List.of("smtp", "pop3", "imap", "startup", "idle", "dns", "zone-load", "ntp");

    /** Throws IllegalArgumentException with what is wrong. */
    static Options parse(String[] arguments) {
        Options options =
                new Options(List.of(), 5, 2, 10_000, 5, 10_000, Path.of("/var/tmp"), false);
        Queue<String> words = new ArrayDeque<>(List.of(arguments));
        while (!words.isEmpty()) {
            options = options.with(words.remove(), words);
        }
        return options.scenarios.isEmpty() ? options.with("all", words) : options;
    }

    private Options with(String word, Queue<String> words) {
        return switch (word) {
            case "all" -> withScenarios(ALL);
            case "smtp", "pop3", "imap", "startup", "idle", "peers", "dns", "zone-load", "ntp" ->
                    withScenarios(List.of(word));
            case "--rounds" -> withRounds(number(word, words), warmUps);
            case "--warm-ups" -> withRounds(rounds, number(word, words));
            case "--messages" -> withSizes(number(word, words), seconds, idle);
            case "--seconds" -> withSizes(messages, number(word, words), idle);
            case "--idle" -> withSizes(messages, seconds, number(word, words));
            case "--work" -> withFiles(Path.of(value(word, words)).toAbsolutePath(), write);
            case "--write" -> withFiles(work, true);
            default -> throw new IllegalArgumentException("unknown: " + word);
        };
    }

    private Options withScenarios(List<String> more) {
        List<String> all = Stream.concat(scenarios.stream(), more.stream()).distinct().toList();
        return new Options(all, rounds, warmUps, messages, seconds, idle, work, write);
    }

    private Options withRounds(int newRounds, int newWarmUps) {
        return new Options(scenarios, newRounds, newWarmUps, messages, seconds, idle, work, write);
    }

    private Options withSizes(int newMessages, int newSeconds, int newIdle) {
        return new Options(
                scenarios, rounds, warmUps, newMessages, newSeconds, newIdle, work, write);
    }

    private Options withFiles(Path newWork, boolean newWrite) {
        return new Options(scenarios, rounds, warmUps, messages, seconds, idle, newWork, newWrite);
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

    /** The command that would measure this again. */
    String command(String scenario) {
        return "bench/run %s --rounds %d --warm-ups %d --messages %d --seconds %d --idle %d"
                .formatted(scenario, rounds, warmUps, messages, seconds, idle);
    }
}
