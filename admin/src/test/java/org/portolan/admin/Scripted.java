package org.portolan.admin;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.portolan.kernel.Connection;

/** An operator who answers by a script and keeps what was said. */
final class Scripted implements Operator {
    final StringBuffer said = new StringBuffer(); // a verb may have two threads
    final StringBuilder remarked = new StringBuilder();
    Runnable awaiting = () -> {};
    int rows;
    Optional<Connection> remote = Optional.empty();
    final ByteArrayOutputStream handed = new ByteArrayOutputStream();
    final List<String> prompts = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    final List<Runnable> meanwhile = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private final boolean terminal;

    private Scripted(boolean terminal, String... answers) {
        this.terminal = terminal;
        this.answers.addAll(List.of(answers));
    }

    /** A person who types these lines. */
    static Scripted person(String... answers) {
        return new Scripted(true, answers);
    }

    /** A program that sends these lines. */
    static Scripted program(String... answers) {
        return new Scripted(false, answers);
    }

    @Override
    public String name() {
        return "root";
    }

    @Override
    public String conversation() {
        return "talk-1";
    }

    @Override
    public Optional<Connection> remote() {
        return remote;
    }

    @Override
    public boolean terminal() {
        return terminal;
    }

    @Override
    public Path folder() {
        return Path.of("/");
    }

    @Override
    public int columns() {
        return 80;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void say(String text) {
        said.append(text);
    }

    @Override
    public void remark(String text) {
        remarked.append(text);
    }

    @Override
    public void hand(byte[] bytes, int from, int count, long total) {
        handed.write(bytes, from, count);
    }

    @Override
    public void awaitEnd() {
        awaiting.run();
    }

    @Override
    public String ask(String prompt) {
        prompts.add(prompt);
        return answers.remove();
    }

    /** Goes away after as many as were planned, and does what was planned for each. */
    @Override
    public void pause(Duration time) throws IOException {
        pauses.add(time);
        if (pauses.size() > meanwhile.size()) {
            throw new IOException("the operator has gone");
        }
        meanwhile.get(pauses.size() - 1).run();
    }

    @Override
    public String askSecret(String prompt) {
        return ask(prompt);
    }
}
