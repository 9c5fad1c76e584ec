package org.portolan.mail.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.portolan.mail.StatedNames;
import org.portolan.mail.dkim.DkimResult.Outcome;
import org.portolan.testkit.FrozenClock;

/** Signed examples of the RFCs, our own signatures, and what strangers may send. */
class DkimTest {
    /** The keys of RFC 6376 appendix C and RFC 8463 appendix A. */
    private static final String[] KEYS = {
        "brisbane._domainkey.football.example.com TXT v=DKIM1; k=ed25519;"
                + " p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "test._domainkey.football.example.com TXT v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GN"
                + "ADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYz"
                + "CNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBf"
                + "O2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB",
        "brisbane._domainkey.example.com TXT v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDw"
                + "IRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uB"
                + "ItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMm"
                + "PSPDdQPNUYckcQ2QIDAQAB"
    };

    private static String example(String name) throws IOException {
        try (InputStream in = DkimTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), ISO_8859_1).replace("\n", "\r\n");
        }
    }

    private static List<DkimResult> verify(String message, StatedNames names, Instant now) {
        DkimVerification verification = new DkimVerification(names, FrozenClock.at(now));
        byte[] bytes = message.getBytes(ISO_8859_1);
        verification.take(bytes, 0, bytes.length);
        return verification.end();
    }

    private static List<DkimResult> verify(String message, String... records) {
        return verify(message, new StatedNames(records), FrozenClock.USUAL);
    }

    private static List<Outcome> outcomes(List<DkimResult> results) {
        return results.stream().map(DkimResult::outcome).toList();
    }

    @ParameterizedTest
    @CsvSource({"rfc6376.eml,1", "rfc8463.eml,2"})
    void examplesOfTheRfcsPass(String name, int signatures) throws IOException {
        List<DkimResult> results = verify(example(name), KEYS);
        assertThat(outcomes(results)).hasSize(signatures).containsOnly(Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource({"dinner,supper,FAIL", "hungry,angry,FAIL", "'Joe.','Joe. ',PASS"})
    void aChangedExampleFails(String was, String is, Outcome outcome) throws IOException {
        List<DkimResult> results = verify(example("rfc8463.eml").replace(was, is), KEYS);
        assertThat(outcomes(results)).containsExactly(outcome, outcome);
    }

    @Test
    void whatTheKeyOrItsAbsenceSays() throws IOException {
        String message = example("rfc6376.eml");
        String name = "brisbane._domainkey.example.com ";
        String key = KEYS[2].substring(KEYS[2].indexOf("p="));
        assertThat(outcomes(verify(message))).containsExactly(Outcome.PERMERROR);
        for (String tags :
                List.of("v=DKIM1; p=", "k=ed25519; ", "h=sha1; ", "s=tlsrpt; ", "v=DKIM2; ")) {
            String record = tags.endsWith("p=") ? tags : tags + key;
            assertThat(outcomes(verify(message, name + "TXT " + record)))
                    .as(record)
                    .containsExactly(Outcome.PERMERROR);
        }
        assertThat(outcomes(verify(message, name + "TXT TRYAGAIN")))
                .containsExactly(Outcome.TEMPERROR);
        assertThat(outcomes(verify(message, name + "TXT t=s; " + key)))
                .containsExactly(Outcome.PERMERROR); // i=joe@football.example.com
        assertThat(outcomes(verify(message.replace("dinner", "tea"), name + "TXT t=y; " + key)))
                .containsExactly(Outcome.NEUTRAL);
    }

    @Test
    void aKeyMayLackItsOuterStructure() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        byte[] outer = pair.getPublic().getEncoded();
        String inner =
                Base64.getEncoder().encodeToString(Arrays.copyOfRange(outer, 24, outer.length));
        assertThat(DkimKey.parse("p=" + inner, DkimAlgorithm.RSA_SHA256).key())
                .isEqualTo(pair.getPublic());
    }

    @Test
    void keysOfTheWrongSizeAreRefused() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(512);
        String small =
                Base64.getEncoder()
                        .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
        assertThatThrownBy(() -> DkimKey.parse("p=" + small, DkimAlgorithm.RSA_SHA256))
                .hasMessageContaining("too short");
        String huge = Base64.getEncoder().encodeToString(new byte[48_000]);
        assertThatThrownBy(() -> DkimKey.parse("p=" + huge, DkimAlgorithm.RSA_SHA256))
                .hasMessageContaining("too long");
        assertThatThrownBy(() -> DkimKey.parse("p=" + small, DkimAlgorithm.ED25519_SHA256))
                .isInstanceOf(DkimMalformed.class);
    }

    // ---- our own

    private record Keys(List<DkimSigner.SigningKey> keys, StatedNames names) {}

    private static final Keys OURS = made();

    private static Keys keys() {
        return OURS;
    }

    private static Keys made() {
        try {
            return generated();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Keys generated() throws GeneralSecurityException {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        KeyPair ed = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] point = ed.getPublic().getEncoded();
        Base64.Encoder base64 = Base64.getEncoder();
        StatedNames names =
                new StatedNames(
                        "r._domainkey.here.example TXT v=DKIM1; k=rsa; p="
                                + base64.encodeToString(rsa.getPublic().getEncoded()),
                        "e._domainkey.here.example TXT v=DKIM1; k=ed25519; p="
                                + base64.encodeToString(
                                        Arrays.copyOfRange(
                                                point, point.length - 32, point.length)));
        return new Keys(
                List.of(
                        new DkimSigner.SigningKey(DkimAlgorithm.RSA_SHA256, "r", rsa.getPrivate()),
                        new DkimSigner.SigningKey(
                                DkimAlgorithm.ED25519_SHA256, "e", ed.getPrivate())),
                names);
    }

    private static String signed(String message, Keys keys) throws Exception {
        DkimSigner signer = new DkimSigner();
        byte[] bytes = message.getBytes(ISO_8859_1);
        for (int i = 0; i < bytes.length; i += 7) {
            signer.take(bytes, i, Math.min(7, bytes.length - i));
        }
        assertThat(signer.domain()).isEqualTo("here.example");
        return signer.sign("here.example", keys.keys, FrozenClock.USUAL.getEpochSecond()) + message;
    }

    private static final String MESSAGE =
            """
            From: "Ada, of \\"here\\"" (x@y.example) <ada@Here.Example>
            To: bob@there.example,
             \t carol@there.example
            Subject:  a   subject\t
            X-Other: untouched

            Hello.\s\s

            Bye
            \s
            """
                    .replace("\n", "\r\n");

    @Test
    void whatWeSignPasses() throws Exception {
        Keys keys = keys();
        String signed = signed(MESSAGE, keys);
        assertThat(signed.lines().takeWhile(line -> !line.startsWith("From")))
                .allMatch(line -> line.length() <= 78);
        assertThat(outcomes(verify(signed, keys.names, FrozenClock.USUAL)))
                .containsExactly(Outcome.PASS, Outcome.PASS);
        String relayed =
                signed.replace("a   subject\t", "a subject")
                        .replace("Bye\r\n \r\n", "Bye \r\n\r\n\r\n");
        assertThat(outcomes(verify(relayed, keys.names, FrozenClock.USUAL)))
                .containsExactly(Outcome.PASS, Outcome.PASS);
    }

    @ParameterizedTest
    @CsvSource({"From", "To", "Subject", "Reply-To", "Content-Type", "Cc", "Date", "Message-ID"})
    void nobodyCanAddWhatReadersSee(String name) throws Exception {
        Keys keys = keys();
        String more = name + ": eve@evil.example\r\n" + signed(MESSAGE, keys);
        assertThat(outcomes(verify(more, keys.names, FrozenClock.USUAL)))
                .containsExactly(Outcome.FAIL, Outcome.FAIL);
    }

    @Test
    void anExpiredSignatureFailsAndOneOfTheBeginningIsNotAccepted() throws Exception {
        String message = example("rfc8463.eml");
        List<DkimResult> expired = verify(message.replace("t=1528637909;", "x=1528637909;"), KEYS);
        assertThat(expired).allMatch(result -> result.why().contains("expired"));
        Keys keys = keys();
        String lengthZero = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="; // the hash of nothing
        DkimSigner.SigningKey key = keys.keys.getFirst();
        HeaderFields header = new HeaderFields();
        byte[] bytes = MESSAGE.getBytes(ISO_8859_1);
        header.take(bytes, 0, bytes.length);
        String raw =
                "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed; d=here.example; s=r; h=from;"
                        + " l=0; bh="
                        + lengthZero
                        + "; b=";
        var signer = DkimHash.signature(DkimAlgorithm.RSA_SHA256);
        signer.initSign(key.key());
        signer.update(
                HeaderFields.signed(
                        header.fields(),
                        List.of("from"),
                        new HeaderFields.Field("dkim-signature", raw),
                        true));
        String forged = raw + Base64.getEncoder().encodeToString(signer.sign()) + "\r\n" + MESSAGE;
        assertThat(outcomes(verify(forged, keys.names, FrozenClock.USUAL)))
                .containsExactly(Outcome.POLICY);
    }

    // ---- canonicalisation

    /** RFC 6376 §3.4.5. */
    @Test
    void theExamplesOfCanonicalisation() {
        String message = "A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        HeaderFields header = new HeaderFields();
        byte[] bytes = message.getBytes(ISO_8859_1);
        int body = header.take(bytes, 0, bytes.length);
        assertThat(header.fields().stream().map(field -> field.canonical(true)))
                .containsExactly("a:X", "b:Y Z");
        assertThat(header.fields().stream().map(field -> field.canonical(false)))
                .containsExactly("A: X", "B : Y\t\r\n\tZ  ");
        assertThat(hash(message.substring(body), true, 100, 1)).isEqualTo(sha256(" C\r\nD E\r\n"));
        assertThat(hash(message.substring(body), false, 100, 1))
                .isEqualTo(sha256(" C \r\nD \t E\r\n"));
        assertThat(hash("", true, 9, 1)).isEqualTo(sha256(""));
        assertThat(hash("", false, 9, 1)).isEqualTo(sha256("\r\n"));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(DkimHash.sha256().digest(text.getBytes(ISO_8859_1)));
    }

    private static String hash(String text, boolean relaxed, long most, int step) {
        BodyHash hash = new BodyHash(relaxed, most);
        byte[] bytes = text.getBytes(ISO_8859_1);
        for (int i = 0; i < bytes.length; i += step) {
            hash.take(bytes, i, Math.min(step, bytes.length - i));
        }
        return HexFormat.of().formatHex(hash.end());
    }

    /** Bodies of all the odd things, against the words of the RFC said with regular expressions. */
    @Test
    void anyBodyInAnyPiecesHasTheHashOfTheRule() {
        Random random = new Random(6376);
        String[] pieces = {"\r\n", "\r\n", " ", "\t", "a", "bc", "\r", "\n", ".", "\u00e9"};
        for (int round = 0; round < 20_000; round++) {
            StringBuilder made = new StringBuilder();
            for (int i = random.nextInt(12); i > 0; i--) {
                made.append(pieces[random.nextInt(pieces.length)]);
            }
            String body = made.toString();
            int step = 1 + random.nextInt(4);
            String simple = body.replaceFirst("(\r\n)*\\z", "") + "\r\n";
            assertThat(hash(body, false, 1000, step)).as(body).isEqualTo(sha256(simple));
            String relaxed =
                    body.replaceAll("[ \t]+(?=\r\n|\\z)", "")
                            .replaceAll("[ \t]+", " ")
                            .replaceFirst("(\r\n)*\\z", "");
            relaxed += relaxed.isEmpty() ? "" : "\r\n";
            assertThat(hash(body, true, 1000, step)).as(body).isEqualTo(sha256(relaxed));
            int most = random.nextInt(6);
            String cut = relaxed.substring(0, Math.min(most, relaxed.length()));
            assertThat(hash(body, true, most, step)).as(body).isEqualTo(sha256(cut));
        }
    }

    // ---- what strangers send

    @Test
    void aHundredSignaturesCostNoMoreThanEight() throws IOException {
        String message = example("rfc6376.eml");
        String one = message.substring(0, message.indexOf("Received:"));
        StatedNames names = new StatedNames(KEYS);
        List<DkimResult> results = verify(one.repeat(100) + message, names, FrozenClock.USUAL);
        assertThat(results).hasSize(DkimVerification.MOST_SIGNATURES);
        assertThat(names.lookUps()).isEqualTo(DkimVerification.MOST_SIGNATURES);
    }

    @Test
    void aBodyThatWasChangedAsksForNoKey() throws IOException {
        StatedNames names = new StatedNames(KEYS);
        verify(example("rfc6376.eml").replace("hungry", "angry"), names, FrozenClock.USUAL);
        assertThat(names.lookUps()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "a=rsa-sha256;,a=rsa-sha1;",
        "v=1;,v=2;",
        "v=1;,v=1; v=1;",
        "Received : From,Received",
        "d=example.com,d=other.example",
        "s=brisbane,s=a/b",
        "q=dns/txt,q=http",
        "bh=2,bh=!",
        "c=simple/simple,c=nofws",
        "v=1;,v=1; l=-1;",
        "v=1;,v=1; t=2; x=1;"
    })
    void aSignatureThatSaysNothingIsAnError(String was, String is) throws IOException {
        List<DkimResult> results = verify(example("rfc6376.eml").replaceFirst(was, is), KEYS);
        assertThat(outcomes(results)).containsExactly(Outcome.PERMERROR);
        assertThat(results.getFirst().why()).matches("[ -~]+");
    }

    @Test
    void aHeaderWithoutEndIsNotKept() throws IOException {
        String fields = "X: y\r\n".repeat(HeaderFields.LONGEST / 6 + 1);
        assertThat(verify(fields + example("rfc6376.eml"), KEYS)).isEmpty();
        assertThat(verify("DKIM-Signature:" + " ;".repeat(100_000) + "\r\n\r\n", KEYS))
                .allMatch(result -> result.outcome() == Outcome.PERMERROR);
        String blanks = "DKIM-Signature: v=1; a=" + " ".repeat(60_000) + "x; b=y\r\n\r\n";
        assertThat(outcomes(verify(blanks, KEYS))).containsExactly(Outcome.PERMERROR);
        assertThat(verify("", KEYS)).isEmpty();
        assertThat(verify("From: a@b.example", KEYS)).isEmpty();
    }

    @Test
    void keysThatTakeTooLongAreNotWaitedFor() throws IOException {
        FrozenClock clock = FrozenClock.frozen();
        StatedNames names =
                new StatedNames(KEYS) {
                    @Override
                    public Answer<String> texts(String name) {
                        clock.advance(Duration.ofSeconds(15));
                        return super.texts(name);
                    }
                };
        DkimVerification verification = new DkimVerification(names, clock);
        String message = example("rfc8463.eml");
        String one = message.substring(0, message.indexOf("From:"));
        byte[] bytes = (one + message).getBytes(ISO_8859_1);
        verification.take(bytes, 0, bytes.length);
        assertThat(outcomes(verification.end()))
                .containsExactly(Outcome.PASS, Outcome.PASS, Outcome.TEMPERROR, Outcome.TEMPERROR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ada@Here.Example|here.example",
                "Ada <ada@here.example>|here.example",
                "\"x <e@evil.example>\" <ada@here.example>|here.example",
                "(<e@evil.example>) ada@here.example|here.example",
                "\"a@b\"@here.example|here.example",
                "ada@here.example, eve@evil.example|''",
                "Ada <ada@here.example> <eve@evil.example>|''",
                "Group: ada@here.example;|''",
                "ada|''",
                "ada@[192.0.2.1]|''"
            })
    void theDomainOfFrom(String value, String domain) {
        assertThat(FromDomain.of(value)).isEqualTo(domain);
    }
}
