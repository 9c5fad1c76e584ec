package org.portolan.files.ftp;

import java.net.InetAddress;
import java.util.List;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.MalformedLine;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.TreePath;
import org.portolan.wire.Refusal;

/** What we may say, worded once (RFC 959 §4.2, RFC 2228 §5, RFC 4217 §10). */
final class FtpReply {
    static final String OK = "200 OK";
    static final String NO_ACCOUNT = "202 there are no accounts beside the login here";
    static final String NOTHING_TO_ALLOCATE = "202 no space has to be allocated";
    static final String SYSTEM = "215 UNIX Type: L8";
    static final String GOODBYE = "221 goodbye";
    static final String NOTHING_TO_ABORT = "226 nothing is being transferred";
    static final String ABORTED = "226 the transfer has been ended";
    static final String SEND_PASSWORD = "331 send the password";
    static final String READY_FOR_TLS = "234 ready for TLS";
    static final String READY_FOR_USER = "220 ready for another user";
    static final String WHICH_NAME = "350 now say RNTO and the new name";

    private FtpReply() {}

    static String greeting(String site) {
        return "220 " + site + " FTP Portolan";
    }

    static String farewell(Hangup.Reason reason) {
        return "421 " + reason.words() + ", closing"; // RFC 959 §5.4: to any command
    }

    static List<String> help() {
        return List.of(
                "214-these commands are understood:",
                " USER PASS ACCT REIN QUIT HOST AUTH PBSZ PROT FEAT OPTS CLNT SYST HELP NOOP LANG",
                " TYPE STRU MODE ALLO PORT EPRT PASV EPSV REST RETR STOR STOU APPE ABOR STAT",
                " LIST NLST MLST MLSD PWD CWD CDUP MKD RMD DELE RNFR RNTO SIZE MDTM MFMT AVBL HASH",
                " SITE CHMOD, SITE UTIME",
                "214 end");
    }

    /** RFC 2428 §3. */
    static String extendedPassive(int port) {
        return "229 entering extended passive mode (|||" + port + "|)";
    }

    /** RFC 959 §4.1.2, in the form that RFC 1123 §4.1.2.6 asks for. */
    static String passive(InetAddress host, int port) {
        return "227 entering passive mode (%s,%d,%d)"
                .formatted(host.getHostAddress().replace('.', ','), port >> 8, port & 0xff);
    }

    // ---- the line is wrong

    static Refusal syntax(String words) {
        return new Refusal("501 " + words);
    }

    static Refusal unknownCommand() {
        return new Refusal("500 that command is not known here; HELP lists those that are");
    }

    static Refusal notDone() {
        return new Refusal("502 that command is not done here");
    }

    static Refusal parameterNotDone(String words) {
        return new Refusal("504 " + words);
    }

    static Refusal unknownFamily() {
        return new Refusal("522 that kind of address is not known here, use (1,2)");
    }

    static Refusal malformed(MalformedLine.Fault fault) {
        return new Refusal(
                switch (fault) {
                    case TOO_LONG -> "500 the line is too long";
                    case BARE_CR -> "500 a CR stands alone in the line";
                    case BARE_LF -> "500 lines end with CR LF";
                    case TEXT_BEFORE_TLS -> "501 nothing may follow AUTH before TLS has begun";
                });
    }

    // ---- not now, not you

    static Refusal logInFirst() {
        return new Refusal("530 log in first: USER and PASS");
    }

    static Refusal loggedInAlready() {
        return new Refusal("503 you are logged in; REIN begins anew");
    }

    static Refusal userFirst() {
        return new Refusal("503 say USER first");
    }

    static Refusal passwordNeedsTls() {
        return new Refusal(
                "530 passwords only go over TLS here: AUTH TLS first (curl --ssl-reqd, lftp: set"
                        + " ftp:ssl-force true), or port 990");
    }

    static Refusal noAnonymous() {
        return new Refusal("530 only accounts of this site are served here");
    }

    static Refusal wrongPassword() {
        return new Refusal("530 wrong name or password");
    }

    static Refusal tooManyGuesses() {
        return new Refusal("530 too many wrong passwords came from there; try again later");
    }

    static Refusal temporary() {
        return new Refusal("451 something is wrong here; try again later");
    }

    // ---- TLS

    static Refusal tlsAlready() {
        return new Refusal("503 this is TLS already");
    }

    static Refusal unknownMechanism() {
        return new Refusal("504 only AUTH TLS is done here");
    }

    static Refusal noTlsYet() {
        return new Refusal("503 say AUTH TLS first"); // RFC 4217 §8
    }

    static Refusal bufferSizeFirst() {
        return new Refusal("503 say PBSZ 0 first"); // RFC 2228 §3
    }

    static Refusal unknownProtection() {
        return new Refusal("536 only PROT P and PROT C are done here");
    }

    static Refusal clearControl() {
        return new Refusal("533 this conversation stays in TLS");
    }

    static Refusal dataNeedsTls() {
        return new Refusal(
                "521 data only goes over TLS here: say PBSZ 0 and PROT P"); // RFC 4217 §9
    }

    static Refusal notResumed() {
        return new Refusal(
                "522 a data connection has to resume this conversation's TLS session"
                        + " (setting: tls_resumption)");
    }

    static Refusal dataHandshakeFailed() {
        return new Refusal("425 the TLS handshake of the data connection failed");
    }

    // ---- data connections

    static Refusal noDataConnection() {
        return new Refusal("425 say PASV or EPSV first, or PORT or EPRT");
    }

    static Refusal nobodyCame() {
        return new Refusal("425 no data connection came in time");
    }

    static Refusal notReached() {
        return new Refusal("425 nobody listens where the data should go; PASV may do better");
    }

    static Refusal noFreePort() {
        return new Refusal("425 no port is free for a data connection; try again later");
    }

    static Refusal thirdParty() {
        return new Refusal("504 data only goes to where you are"); // RFC 2577 §3
    }

    static Refusal privilegedPort() {
        return new Refusal("504 data does not go to ports below 1024"); // RFC 2577 §3
    }

    static Refusal onlyExtended() {
        return new Refusal("503 you said EPSV ALL"); // RFC 2428 §4
    }

    static Refusal noPassiveAddress() {
        return new Refusal("425 PASV has no room for an IPv6 address; say EPSV"); // RFC 2428 §3
    }

    static Refusal brokenOff() {
        return new Refusal("426 the data connection broke off");
    }

    static Refusal endedByPeer() {
        return new Refusal("426 the transfer was ended, as you asked");
    }

    static Refusal cutShort() {
        return new Refusal("426 the data ended without TLS's last word, so it may not be whole");
    }

    // ---- files

    /** {@code words} as a reply can hold it: UTF-8 (RFC 2640), and nothing that ends a line. */
    static String text(String words) {
        StringBuilder line = new StringBuilder(words.length());
        for (byte octet : TreePath.bytes(words)) {
            line.append((octet & 0xff) < ' ' || octet == 0x7f ? '?' : (char) (octet & 0xff));
        }
        return line.toString();
    }

    /** What the file tree would not do. */
    static Refusal of(Connection client, FileProblem problem) {
        if (problem.kind() == FileProblem.Kind.BROKEN) {
            client.log().error("the file tree failed", problem);
            return temporary();
        }
        String code =
                switch (problem.kind()) {
                    case MISSING,
                            EXISTS,
                            DENIED,
                            NOT_A_FOLDER,
                            IS_A_FOLDER,
                            NOT_EMPTY,
                            ELSEWHERE,
                            NOT_SERVED ->
                            "550 ";
                    case BAD_NAME -> "553 ";
                    case FULL -> "452 ";
                    case OVER_QUOTA -> "552 ";
                    case IN_USE, LOCKED, DELETE_PENDING -> "450 ";
                    case BAD_RANGE -> "554 "; // RFC 3659 §5.4
                    case UNSUPPORTED -> "504 ";
                    case BROKEN -> "451 ";
                };
        return new Refusal(code + text(String.valueOf(problem.getMessage())));
    }

    static Refusal renameFromFirst() {
        return new Refusal("503 say RNFR first");
    }

    static Refusal sizeInAscii() {
        return new Refusal("550 SIZE depends on line ends in TYPE A; say TYPE I first");
    }

    static Refusal restartInAscii() {
        return new Refusal("504 a transfer begins in its middle in TYPE I only");
    }

    static Refusal beyondTheEnd() {
        return new Refusal("554 the file ends before that place"); // RFC 3659 §5.4
    }

    static Refusal unknownHost() {
        return new Refusal("504 no such host here");
    }

    static Refusal notText() {
        return new Refusal("553 a file is named in UTF-8 here"); // RFC 2640 §2.2
    }
}
