package org.portolan.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.portolan.mail.Names;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/** What mail asks of names, by way of the resolvers. */
final class ResolvedNames implements Names {
    private final Resolver resolver;

    ResolvedNames(Resolver resolver) {
        this.resolver = resolver;
    }

    @Override
    public Answer<Exchanger> exchangers(String domain) {
        return ask(domain, Type.MX, ResolvedNames::exchanger);
    }

    private static Exchanger exchanger(Record record) {
        MXRecord mx = (MXRecord) record;
        return new Exchanger(mx.getPriority(), text(mx.getTarget()));
    }

    @Override
    public Answer<InetAddress> ipv4(String host) {
        return ask(host, Type.A, record -> ((ARecord) record).getAddress());
    }

    @Override
    public Answer<InetAddress> ipv6(String host) {
        return ask(host, Type.AAAA, record -> ((AAAARecord) record).getAddress());
    }

    @Override
    public Answer<String> texts(String name) {
        return ask(name, Type.TXT, ResolvedNames::joined);
    }

    private static String joined(Record record) {
        StringBuilder text = new StringBuilder();
        for (Object part : ((TXTRecord) record).getStringsAsByteArrays()) {
            text.append(new String((byte[]) part, ISO_8859_1));
        }
        return text.toString();
    }

    @Override
    public Answer<String> pointers(InetAddress address) {
        ResolverQuestion question = ResolverQuestion.about(address, Type.PTR);
        return answer(resolver.lookUp(question), record -> text(((PTRRecord) record).getTarget()));
    }

    private <T> Answer<T> ask(String name, int type, Function<Record, T> value) {
        Optional<ResolverQuestion> question = ResolverQuestion.about(name, type);
        return question.isEmpty()
                ? new Answer.NoSuchName<>(false)
                : answer(resolver.lookUp(question.get()), value);
    }

    private static <T> Answer<T> answer(ResolverReply reply, Function<Record, T> value) {
        return switch (reply.outcome()) {
            case FOUND -> {
                List<T> values = reply.records().stream().map(value).toList();
                Duration ttl = Duration.ofSeconds(reply.seconds());
                yield new Answer.Found<>(values, text(reply.name()), ttl, reply.secure());
            }
            case NO_SUCH_NAME -> new Answer.NoSuchName<>(reply.secure());
            case NO_RECORD -> new Answer.NoRecord<>(reply.secure());
            case ALIAS, TRUNCATED, FAILED -> new Answer.TryAgain<>(reply.why());
        };
    }

    private static String text(Name name) {
        return name.equals(Name.root) ? "" : name.toString(true);
    }
}
