package org.portolan.testkit;

import java.util.Optional;

/** One line of a transcript, checked. */
sealed interface Step {
    /** Where the step stands. */
    Origin at();

    /** Which client speaks or listens, counted from 1. */
    int client();

    /**
     * A place in a file.
     *
     * @param line counted from 1
     * @param text the line as it stands in the file
     */
    record Origin(int line, String text) {}

    /**
     * {@code C: text}, {@code C- text} or {@code C< 30 0c}: the client sends these bytes.
     *
     * @param hex whether the line was written in hex, and is to be shown so
     */
    record Send(Origin at, int client, Template bytes, boolean hex) implements Step {}

    /** {@code S: text}: the next line of the server, without its CRLF. */
    record Line(Origin at, int client, Template pattern) implements Step {}

    /** {@code S> 30 0c}: the next bytes of the server. */
    record Bytes(Origin at, int client, Template pattern) implements Step {}

    /**
     * {@code S: …}: any further lines, up to the one that the next step awaits.
     *
     * @param except what none of the lines passed over may look like
     */
    record Skip(Origin at, int client, Optional<Template> except) implements Step {}

    /** {@code S> … {any…}} at the end of a line: whatever else comes until the server hangs up. */
    record Rest(Origin at, int client) implements Step {}

    /** {@code EOF}: the server hangs up without another byte. */
    record HangUp(Origin at, int client) implements Step {}

    /** {@code CONNECT door}: a connection to another door, or a new one to the same. */
    record Connect(Origin at, int client, Optional<Template> door) implements Step {}

    /** {@code TLS}: both sides change to TLS. */
    record Tls(Origin at, int client) implements Step {}

    /** {@code WAIT}: what follows depends on what was answered so far. */
    record Wait(Origin at, int client) implements Step {}

    /** {@code HALF}: the client will send nothing more, but goes on reading. */
    record Half(Origin at, int client) implements Step {}

    /** {@code CLOSE}: the client hangs up. */
    record Close(Origin at, int client) implements Step {}

    /** {@code RESET}: the client is gone without a farewell (a TCP reset). */
    record Reset(Origin at, int client) implements Step {}
}
