package org.portolan.kernel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Names of hosts, asked of the system. The system's look-up is native code that may wait for half a
 * minute, which would hold a virtual thread's carrier: so each has a platform thread of its own.
 */
final class HostNames {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private HostNames() {}

    /**
     * The address of {@code host}, which may be one already; of several the system's first.
     *
     * @throws UnknownHostException if there is none, or the system does not say in time
     */
    static InetAddress lookUp(String host) throws IOException {
        try {
            return Network.address(host);
        } catch (IllegalArgumentException name) {
            return ask(host);
        }
    }

    private static InetAddress ask(String host) throws IOException {
        CompletableFuture<InetAddress> answer = new CompletableFuture<>();
        Thread.ofPlatform()
                .daemon()
                .name("look-up-" + host)
                .start(
                        () -> {
                            try {
                                answer.complete(InetAddress.getByName(host));
                            } catch (UnknownHostException | RuntimeException e) {
                                answer.completeExceptionally(e);
                            }
                        });
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unknown(host, "has no address", e);
        } catch (TimeoutException e) {
            throw unknown(host, "could not be looked up in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, "could not be looked up", e);
        }
    }

    private static UnknownHostException unknown(String host, String what, Exception cause) {
        UnknownHostException problem = new UnknownHostException(host + " " + what);
        problem.initCause(cause);
        return problem;
    }
}
