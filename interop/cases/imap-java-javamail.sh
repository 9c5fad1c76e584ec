#!/usr/bin/env bash
# JavaMail at one mailbox from two stores: what one appends, flags and expunges, the other hears of.
# needs: libmail-java
set -euo pipefail
. "$INTEROP/functions.sh"

cat >Two.java <<'JAVA'
import javax.mail.*;
import javax.mail.internet.*;
import javax.mail.search.*;
import com.sun.mail.imap.*;
import java.util.*;

public class Two {
    static final Map<String, String> ENV = System.getenv();

    static IMAPStore store(String protocol, String port, String... more) throws Exception {
        var properties = new Properties();
        properties.put("mail." + protocol + ".ssl.checkserveridentity", "true");
        properties.put("mail." + protocol + ".timeout", "20000");
        for (int i = 0; i < more.length; i += 2) properties.put("mail." + protocol + more[i], more[i + 1]);
        var store = (IMAPStore) Session.getInstance(properties).getStore(protocol);
        store.connect(ENV.get("HOST"), Integer.parseInt(ENV.get(port)), "grace", ENV.get("GRACE_PASSWORD"));
        return store;
    }

    static void check(boolean held, String what) {
        if (!held) throw new AssertionError(what);
    }

    /** How many it has after a NOOP: it remembers for a while, and does not ask. */
    static int count(IMAPFolder folder) throws Exception {
        folder.doCommand(protocol -> {
            protocol.noop();
            return null;
        });
        return folder.getMessageCount();
    }

    public static void main(String[] arguments) throws Exception {
        try (var one = store("imaps", "IMAPS", ".compress.enable", "true"); var other = store("imap", "IMAP", ".starttls.required", "true")) {
            var mine = (IMAPFolder) one.getFolder("Java");
            check(mine.create(Folder.HOLDS_MESSAGES), "create");
            mine.open(Folder.READ_WRITE);
            var theirs = (IMAPFolder) other.getFolder("Java");
            theirs.open(Folder.READ_WRITE);
            var letters = new ArrayList<Message>();
            for (int i = 0; i < 3; i++) {
                var letter = new MimeMessage((Session) null);
                letter.setFrom("ada@" + ENV.get("DOMAIN"));
                letter.setSubject("über " + i, "UTF-8");
                var parts = new MimeMultipart(new MimeBodyPart(), new MimeBodyPart());
                ((MimeBodyPart) parts.getBodyPart(0)).setText("Grüße " + i, "UTF-8");
                ((MimeBodyPart) parts.getBodyPart(1)).setText("<b>x</b>", "UTF-8", "html");
                letter.setContent(parts);
                letter.saveChanges();
                letters.add(letter);
            }
            check(mine.appendUIDMessages(letters.toArray(Message[]::new)).length == 3, "append");
            check(count(theirs) == 3, "count");
            var second = theirs.getMessage(2);
            check(second.getSubject().equals("über 1"), second.getSubject());
            var parts = (Multipart) second.getContent();
            check(parts.getCount() == 2 && parts.getBodyPart(0).getContent().equals("Grüße 1"), "content");
            theirs.getMessage(1).setFlag(Flags.Flag.DELETED, true);
            check(theirs.expunge().length == 1, "expunge");
            count(mine); // JavaMail keeps what is gone in its numbers until its own expunge()
            check(mine.getMessage(1).isExpunged(), "heard of it");
            mine.expunge();
            check(count(mine) == 2, "all of it");
            check(mine.getMessage(1).getSubject().equals("über 1"), "renumbered");
            check(mine.search(new SubjectTerm("ÜBER 2")).length == 1, "search");
            mine.moveMessages(new Message[] {mine.getMessage(1)}, one.getFolder("Archive"));
            count(theirs);
            check(theirs.getMessage(1).isExpunged(), "moved");
            mine.close(false);
            theirs.close(false);
            check(mine.delete(true), "delete");
        }
    }
}
JAVA
keytool -importcert -noprompt -alias site -file "$CA" -keystore trust.p12 -storepass secret
java -cp /usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar \
    -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=secret Two.java
