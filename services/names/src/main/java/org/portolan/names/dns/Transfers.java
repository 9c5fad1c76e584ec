package org.portolan.names.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Ports;
import org.portolan.stores.zones.Zone;

/** The transfers of one conversation: each in a thread of its own, a few at a time. */
final class Transfers {
    /** Further ones wait, and the conversation with them. */
    private static final int MOST_AT_ONCE = 4;

    private final Connection client;
    private final Ports ports;
    private final List<CompletableFuture<Void>> running = new ArrayList<>();

    Transfers(Connection client, Ports ports) {
        this.client = client;
        this.ports = ports;
    }

    /**
     * Begins to send a zone.
     *
     * @param request which is nobody else's
     */
    void begin(Zone zone, byte[] request) {
        running.removeIf(CompletableFuture::isDone);
        if (running.size() == MOST_AT_ONCE) {
            await();
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        running.add(done);
        ports.inBackground(client.id() + "-transfer", () -> send(zone, request, done));
    }

    private void send(Zone zone, byte[] request, CompletableFuture<Void> done) {
        try {
            Transfer transfer = new Transfer(zone, request);
            byte[] message = transfer.next();
            while (message.length > 0) {
                client.write(message, 0, message.length);
                client.flush();
                message = transfer.next();
            }
            client.log().info("sent the zone {}, serial {}", zone.name(), zone.serial());
        } catch (IOException e) {
            client.log()
                    .info(
                            "a transfer of {} ended early: {}",
                            zone.name(),
                            String.valueOf(e.getMessage()));
        } finally {
            done.complete(null);
        }
    }

    /** Waits until all have ended; a peer that does not read is hung up on. */
    void await() {
        running.forEach(CompletableFuture::join);
        running.clear();
    }
}
