package org.portolan.mail.screening;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.portolan.kernel.Clock;
import org.portolan.mail.DotReader;
import org.portolan.mail.Names;
import org.portolan.mail.Screening;
import org.portolan.mail.dkim.DkimResult;
import org.portolan.mail.dkim.DkimVerification;
import org.portolan.mail.spf.Spf;
import org.portolan.mail.spf.SpfAnswer;
import org.portolan.mail.spf.SpfQuestion;
import org.portolan.mail.spf.SpfResult;
import org.portolan.wire.Refusal;

/** Asks of strangers' messages whether their host may send them, and who has signed them. */
public final class MailScreening implements Screening {
    private final String site;
    private final ScreeningSettings settings;
    private final Names names;
    private final Clock clock;
    private final Spf spf;

    /** Screens for {@code site}, whose name stands in the results. */
    public MailScreening(String site, ScreeningSettings settings, Names names, Clock clock) {
        this.site = site;
        this.settings = settings;
        this.names = names;
        this.clock = clock;
        this.spf = new Spf(names, site, clock);
    }

    @Override
    public Sender sender(Arrival arrival) {
        if (!arrival.account().isEmpty()) {
            return new Known();
        }
        String from = arrival.from().map(Object::toString).orElse("");
        SpfQuestion question = new SpfQuestion(arrival.client(), arrival.hello(), from);
        boolean near = settings.notJudged().stream().anyMatch(n -> n.contains(arrival.client()));
        SpfAnswer answer =
                near
                        ? new SpfAnswer(SpfResult.NONE, question.domain(), "a host of ours", "")
                        : spf.check(question);
        return new Stranger(question, answer);
    }

    /** Somebody of ours: nothing is asked, and nothing said. */
    private final class Known implements Sender {
        @Override
        public Optional<Refusal> refusal() {
            return Optional.empty();
        }

        @Override
        public Screen screen(DotReader.Sink onward) {
            ForgedResults forged = new ForgedResults(site, onward);
            return new Screen() {
                @Override
                public void take(byte[] bytes, int from, int count) {
                    forged.take(bytes, from, count);
                }

                @Override
                public int room() {
                    return 0;
                }

                @Override
                public Verdict end() {
                    forged.end();
                    return Verdict.NOTHING;
                }
            };
        }
    }

    private final class Stranger implements Sender {
        private final SpfQuestion question;
        private final SpfAnswer answer;

        Stranger(SpfQuestion question, SpfAnswer answer) {
            this.question = question;
            this.answer = answer;
        }

        @Override
        public Optional<Refusal> refusal() {
            boolean refused = settings.refuseSpfFail() && answer.result() == SpfResult.FAIL;
            if (!refused) {
                return Optional.empty();
            }
            String words =
                    answer.explanation().isEmpty()
                            ? answer.domain() + " does not let this host send its mail"
                            : answer.domain() + " explained: " + answer.explanation();
            String printable = words.replaceAll("[^\\x20-\\x7e]", "?");
            return Optional.of(new Refusal("550 5.7.23 SPF: " + printable)); // RFC 7372 §3.2
        }

        @Override
        public Screen screen(DotReader.Sink onward) {
            DkimVerification dkim = new DkimVerification(names, clock);
            ForgedResults forged = new ForgedResults(site, onward);
            return new Screen() {
                @Override
                public void take(byte[] bytes, int from, int count) {
                    dkim.take(bytes, from, count); // as it came
                    forged.take(bytes, from, count);
                }

                @Override
                public int room() {
                    return AuthenticationResults.ROOM;
                }

                @Override
                public Verdict end() {
                    forged.end();
                    List<DkimResult> results = dkim.end();
                    return new Verdict(
                            AuthenticationResults.field(site, question, answer, results),
                            Optional.empty(),
                            words(results));
                }
            };
        }

        /** For the event: {@code spf=pass dkim=pass(example.org),fail(list.example)}. */
        private String words(List<DkimResult> results) {
            String signatures =
                    results.stream()
                            .map(result -> result.outcome().word() + "(" + result.domain() + ")")
                            .collect(Collectors.joining(","));
            return "spf=%s dkim=%s"
                    .formatted(answer.result().word(), signatures.isEmpty() ? "none" : signatures);
        }
    }
}
