package org.portolan.mail.screening;

import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.portolan.kernel.Clock;
import org.portolan.mail.Signing;
import org.portolan.mail.dkim.DkimAlgorithm;
import org.portolan.mail.dkim.DkimSigner;
import org.portolan.stores.DkimKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signs what leaves with the site's keys, if it is from one of the site's domains, or below. */
public final class MailSigning implements Signing {
    private static final Logger LOG = LoggerFactory.getLogger(MailSigning.class);

    private final DkimKeys keys;
    private final Predicate<String> ours;
    private final Clock clock;

    /**
     * Signs with {@code keys}.
     *
     * @param ours whether a domain is the site's
     */
    public MailSigning(DkimKeys keys, Predicate<String> ours, Clock clock) {
        this.keys = keys;
        this.ours = ours;
        this.clock = clock;
    }

    @Override
    public Signature begin() {
        DkimSigner signer = new DkimSigner();
        return new Signature() {
            @Override
            public void take(byte[] bytes, int from, int count) {
                signer.take(bytes, from, count);
            }

            @Override
            public String fields() {
                return sign(signer);
            }
        };
    }

    /** Mail without a signature is better than no mail. */
    private String sign(DkimSigner signer) {
        String domain = answering(signer.domain());
        if (domain.isEmpty()) {
            return "";
        }
        try {
            return signer.sign(domain, signingKeys(), clock.instant().getEpochSecond());
        } catch (GeneralSecurityException e) {
            LOG.error("a message could not be signed", e);
            return "";
        }
    }

    /** Of the site's domains the one that {@code from} is or lies in (RFC 6376 §3.5, "d="). */
    private String answering(String from) {
        String domain = from;
        while (!domain.isEmpty() && !ours.test(domain)) {
            domain = domain.substring(domain.indexOf('.') + 1);
            if (domain.indexOf('.') < 0) {
                return "";
            }
        }
        return domain;
    }

    private List<DkimSigner.SigningKey> signingKeys() throws GeneralSecurityException {
        List<DkimSigner.SigningKey> signing = new ArrayList<>();
        for (DkimKeys.Kept kept : keys.signing()) {
            DkimAlgorithm algorithm =
                    kept.type().equals("rsa")
                            ? DkimAlgorithm.RSA_SHA256
                            : DkimAlgorithm.ED25519_SHA256;
            signing.add(new DkimSigner.SigningKey(algorithm, kept.selector(), kept.key()));
        }
        return signing;
    }
}
