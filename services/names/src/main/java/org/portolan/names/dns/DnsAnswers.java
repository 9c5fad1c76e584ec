package org.portolan.names.dns;

import java.util.function.Supplier;
import org.portolan.kernel.Answers;
import org.portolan.kernel.Datagram;
import org.portolan.kernel.Outbox;
import org.portolan.stores.zones.ZoneTable;

/** Questions by UDP. Each receiver's thread has a responder of its own. */
final class DnsAnswers implements Answers {
    private static final long NANOS = 1_000_000_000L;

    private final Supplier<ZoneTable> zones;
    private final Networks exempt;
    private final RateLimit limit;
    private final ThreadLocal<Responder> responders;

    DnsAnswers(DnsSettings settings, byte[] secret, Supplier<ZoneTable> zones) {
        this.zones = zones;
        this.exempt = new Networks(settings.rateLimitExempt());
        this.limit = new RateLimit(settings.rateLimit(), settings.slip());
        this.responders = ThreadLocal.withInitial(() -> new Responder(settings, secret));
    }

    @Override
    public void answer(Datagram request, Outbox replies) {
        if (request.port() == 0) { // nobody can be reached there
            return;
        }
        Responder responder = responders.get();
        byte[] address = request.address();
        int now = (int) (request.arrived() / NANOS);
        int length =
                responder.respond(
                        request.bytes(),
                        request.length(),
                        address,
                        now,
                        false,
                        zones.get(),
                        replies.room());
        if (length > 0 && !limit.off() && !responder.knownClient() && !exempt.contain(address)) {
            length =
                    switch (limit.of(address, responder.kind(), now)) {
                        case SENT -> length;
                        case TRUNCATED -> responder.slipped();
                        case WITHHELD -> 0;
                    };
        }
        if (length > 0) {
            replies.reply(length);
        }
    }
}
