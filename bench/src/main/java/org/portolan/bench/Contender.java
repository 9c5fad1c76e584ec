package org.portolan.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One side of a comparison: programs that run together, their folders, ports and processes. */
final class Contender implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(20);

    private final String name;
    private final List<Program> programs;
    private final Map<String, String> settings;
    private final Path bench;
    private final Path folder;
    private final Ports ports;
    private final List<Process> running = new ArrayList<>();

    /**
     * @param settings further variables for the adapters, such as the mailbox format
     * @param bench the folder that holds servers/ and peers/
     * @param folder made by {@link #prepare}; on the file system that is to be measured
     */
    Contender(
            String name,
            List<Program> programs,
            Map<String, String> settings,
            Path bench,
            Path folder,
            Ports ports) {
        this.name = name;
        this.programs = programs;
        this.settings = settings;
        this.bench = bench;
        this.folder = folder;
        this.ports = ports;
    }

    String name() {
        return name;
    }

    Ports ports() {
        return ports;
    }

    boolean runs(Program program) {
        return programs.contains(program);
    }

    /** Where a program of this contender keeps its files. */
    Path folder(Program program) {
        return folder.resolve(program.adapter());
    }

    /** The programs' versions, as in "Postfix 3.7.11". */
    String version() throws IOException {
        List<String> versions = new ArrayList<>();
        for (Program program : programs) {
            versions.add(Command.output(adapter(program, "version").command()).strip());
        }
        return String.join(", ", versions);
    }

    /** Prepares, starts and gives it its accounts. */
    void open() throws IOException {
        prepare();
        start();
        for (Program program : programs) {
            Command.run(adapter(program, "accounts"), Duration.ofMinutes(3));
        }
    }

    /** Puts a changed file in the place of a zone's, and tells the server where it must be told. */
    void replaceZone(String zone, Path file) throws IOException {
        for (Program program : programs) {
            ProcessBuilder replace = adapter(program, "replace");
            replace.command().addAll(List.of(zone, file.toString()));
            Command.run(replace, Duration.ofMinutes(1));
        }
    }

    void prepare() throws IOException {
        Files.createDirectories(folder);
        for (Program program : programs) {
            Command.run(adapter(program, "prepare"), Duration.ofMinutes(1));
        }
    }

    /**
     * Starts the programs together and waits until every door answers.
     *
     * @return from the first program's start to the last door's greeting
     */
    Duration start() throws IOException {
        long begin = System.nanoTime();
        for (Program program : programs) {
            File output = folder.resolve(program.adapter() + ".out").toFile();
            running.add(
                    adapter(program, "serve")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(output))
                            .start());
        }
        for (Program program : programs) {
            for (Program.Door door : program.doors(ports)) {
                Greeting.await(door, START, this::diedSilently);
            }
        }
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    private boolean diedSilently() {
        return running.stream().anyMatch(process -> !process.isAlive());
    }

    ProcessTree tree() {
        return new ProcessTree(running.stream().map(Process::pid).toList());
    }

    /** Messages that a reader would see in these mailboxes now. */
    long stored(List<String> mailboxes) throws IOException {
        boolean maildir = !runs(Program.PORTOLAN) && !runs(Program.DOVECOT);
        long sum = 0;
        for (String mailbox : mailboxes) {
            sum += maildir ? filesOf(mailbox) : Pop3Client.count(ports.pop3(), mailbox);
        }
        return sum;
    }

    private long filesOf(String mailbox) throws IOException {
        Path arrivals = folder(Program.POSTFIX).resolve("mail").resolve(mailbox).resolve("new");
        if (!Files.isDirectory(arrivals)) {
            return 0;
        }
        try (var entries = Files.list(arrivals)) {
            return entries.count();
        }
    }

    /** Ends the programs, gently first. Their folders stay. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> all = tree().processes();
        running.forEach(Process::destroy);
        for (Process process : running) {
            Command.awaitExit(process, STOP);
        }
        // Children of a program that had to be killed.
        all.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        running.clear();
    }

    private ProcessBuilder adapter(Program program, String verb) {
        Path script = bench.resolve("servers").resolve(program.adapter());
        ProcessBuilder builder =
                new ProcessBuilder(
                        new ArrayList<>(
                                List.of(script.toString(), verb, folder(program).toString())));
        builder.environment().put("BASE", Integer.toString(ports.base()));
        builder.environment().putAll(settings);
        return builder;
    }
}
