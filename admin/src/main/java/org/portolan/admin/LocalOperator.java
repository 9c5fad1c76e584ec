package org.portolan.admin;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;

/** Whoever runs a verb that needs no server: nobody is asked anything. */
record LocalOperator(PrintStream out, PrintStream err, int columns) implements Operator {
    @Override
    public String name() {
        return System.getProperty("user.name", "");
    }

    @Override
    public String conversation() {
        return "";
    }

    @Override
    public boolean terminal() {
        return false;
    }

    @Override
    public Path folder() {
        return Path.of("").toAbsolutePath();
    }

    @Override
    public int rows() {
        return 0; // nothing is drawn again
    }

    @Override
    public void say(String text) {
        out.print(text);
    }

    @Override
    public void hand(byte[] bytes, int from, int count, long total) throws IOException {
        out.write(bytes, from, count);
    }

    @Override
    public void awaitEnd() throws IOException {
        throw new IOException("what needs no server is said once");
    }

    @Override
    public void remark(String text) {
        err.print(text);
    }

    @Override
    public String ask(String prompt) throws Refusal {
        throw Refusal.failed("there is nobody to be asked: " + prompt);
    }

    @Override
    public String askSecret(String prompt) throws Refusal {
        return ask(prompt);
    }

    @Override
    public void pause(Duration time) throws IOException {
        throw new IOException("what needs no server is said once");
    }
}
