#!/usr/bin/env bash
# JavaMail, as Java applications use it: sends over STARTTLS and over TLS at once, reads by POP3 in all three ways,
# with the server's identity checked.
# needs: libmail-java
set -euo pipefail
. "$INTEROP/functions.sh"

cat >Round.java <<'JAVA'
import javax.mail.*;
import javax.mail.internet.*;
import com.sun.mail.pop3.POP3Folder;
import java.util.*;

public class Round {
    static final Map<String, String> ENV = System.getenv();

    static Session session(String protocol, String port, String... more) throws Exception {
        var properties = new Properties();
        properties.put("mail." + protocol + ".host", ENV.get("HOST"));
        properties.put("mail." + protocol + ".port", ENV.get(port));
        properties.put("mail." + protocol + ".ssl.checkserveridentity", "true");
        properties.put("mail." + protocol + ".timeout", "20000");
        for (int i = 0; i < more.length; i += 2) properties.put("mail." + protocol + more[i], more[i + 1]);
        return Session.getInstance(properties);
    }

    static void check(boolean held, String what) {
        if (!held) throw new AssertionError(what);
    }

    static void send(Session session, String protocol, String subject) throws Exception {
        var message = new MimeMessage(session);
        message.setFrom("ada@" + ENV.get("DOMAIN"));
        message.setRecipients(Message.RecipientType.TO, "grace@" + ENV.get("DOMAIN"));
        message.setSubject(subject, "UTF-8");
        message.setText(".\r\n..\r\nGrüße\r\n", "UTF-8");
        message.saveChanges();
        try (var transport = session.getTransport(protocol)) {
            transport.connect("ada", ENV.get("ADA_PASSWORD"));
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    static List<String> read(Session session, String protocol, boolean delete) throws Exception {
        var subjects = new ArrayList<String>();
        try (var store = session.getStore(protocol)) {
            store.connect("grace", ENV.get("GRACE_PASSWORD"));
            var folder = (POP3Folder) store.getFolder("INBOX");
            folder.open(Folder.READ_WRITE);
            for (var message : folder.getMessages()) {
                check(folder.getUID(message) != null, "no UIDL");
                check(message.getContent().equals(".\r\n..\r\nGrüße\r\n"), "content: " + message.getContent());
                subjects.add(message.getSubject());
                message.setFlag(Flags.Flag.DELETED, delete);
            }
            folder.close(true);
        }
        return subjects;
    }

    public static void main(String[] arguments) throws Exception {
        send(session("smtps", "SMTPS"), "smtps", "über TLS");
        for (var mechanism : List.of("PLAIN", "LOGIN")) {
            send(session("smtp", "SUBMISSION", ".starttls.required", "true", ".auth.mechanisms", mechanism), "smtp", "STARTTLS " + mechanism);
        }
        var expected = List.of("über TLS", "STARTTLS PLAIN", "STARTTLS LOGIN");
        check(read(session("pop3", "POP3"), "pop3", false).equals(expected), "clear");
        check(read(session("pop3", "POP3", ".starttls.required", "true"), "pop3", false).equals(expected), "STLS");
        check(read(session("pop3s", "POP3S"), "pop3s", true).equals(expected), "TLS");
        check(read(session("pop3s", "POP3S"), "pop3s", false).isEmpty(), "deleted");
        try {
            session("smtps", "SMTPS").getTransport("smtps").connect("ada", "wrong");
            throw new AssertionError("a wrong password was taken");
        } catch (AuthenticationFailedException e) {
            check(e.getMessage().startsWith("535 5.7.8"), e.getMessage());
        }
    }
}
JAVA
keytool -importcert -noprompt -alias site -file "$CA" -keystore trust.p12 -storepass secret
java -cp /usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar \
    -Djavax.net.ssl.trustStore=trust.p12 -Djavax.net.ssl.trustStorePassword=secret Round.java
must_fail java -cp /usr/share/java/javax.mail.jar:/usr/share/java/javax.activation.jar Round.java 2>distrust
grep -q 'PKIX path building failed' distrust
