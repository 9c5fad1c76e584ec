package org.portolan.files.ftp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.portolan.wire.Ascii;
import org.portolan.wire.Refusal;

/**
 * What a client may say (RFC 959 §4, RFC 2228, 2389, 2428, 2640, 3659, 4217, 7151). Names of files
 * are the bytes that came, each as the character of the same number.
 */
sealed interface FtpCommand {
    /** USER. */
    record User(String name) implements FtpCommand {}

    /** PASS; the password may have spaces, or be empty. */
    record Pass(String password) implements FtpCommand {}

    /** REIN. */
    record Reinitialize() implements FtpCommand {}

    /** QUIT. */
    record Quit() implements FtpCommand {}

    /** HOST. */
    record Host(String name) implements FtpCommand {}

    /** AUTH. */
    record Auth(String mechanism) implements FtpCommand {}

    /** PBSZ. */
    record BufferSize() implements FtpCommand {}

    /** PROT. */
    record Protect(char level) implements FtpCommand {}

    /** CCC. */
    record ClearControl() implements FtpCommand {}

    /** FEAT. */
    record Features() implements FtpCommand {}

    /** OPTS. */
    record Options(String command, String value) implements FtpCommand {}

    /** CLNT: who the client is. */
    record ClientName(String name) implements FtpCommand {}

    /** SYST. */
    record SystemType() implements FtpCommand {}

    /** HELP. */
    record Help() implements FtpCommand {}

    /** NOOP, and ACCT and ALLO, which have nothing to do here. */
    record Noop(String reply) implements FtpCommand {}

    /** LANG. */
    record Language(String tag) implements FtpCommand {}

    /** TYPE. */
    record Type(boolean ascii) implements FtpCommand {}

    /** PORT and EPRT: where the client waits. */
    record Active(InetAddress host, int port) implements FtpCommand {}

    /** PASV. */
    record Passive() implements FtpCommand {}

    /** EPSV; family 0 is whichever the conversation has. */
    record ExtendedPassive(int family) implements FtpCommand {}

    /** EPSV ALL. */
    record OnlyExtendedPassive() implements FtpCommand {}

    /** PWD. */
    record WhereAmI() implements FtpCommand {}

    /** CWD, and CDUP as {@code CWD ..}. */
    record Enter(String path) implements FtpCommand {}

    /** MKD. */
    record MakeFolder(String path) implements FtpCommand {}

    /** RMD. */
    record RemoveFolder(String path) implements FtpCommand {}

    /** DELE. */
    record Delete(String path) implements FtpCommand {}

    /** RNFR. */
    record RenameFrom(String path) implements FtpCommand {}

    /** RNTO. */
    record RenameTo(String path) implements FtpCommand {}

    /** SIZE. */
    record SizeOf(String path) implements FtpCommand {}

    /** MDTM. */
    record ModifiedOf(String path) implements FtpCommand {}

    /** MFMT, and MDTM with a time before the name, as some clients set it. */
    record SetModified(Instant at, String path) implements FtpCommand {}

    /** SITE CHMOD. */
    record SetMode(int mode, String path) implements FtpCommand {}

    /** AVBL. */
    record Available(String path) implements FtpCommand {}

    /** HASH. */
    record Hash(String path) implements FtpCommand {}

    /** MLST. */
    record Facts(String path) implements FtpCommand {}

    /** STAT; of the conversation if no path is named. */
    record Status(Optional<String> path) implements FtpCommand {}

    /** LIST. */
    record ListLong(String path) implements FtpCommand {}

    /** NLST. */
    record ListNames(String path) implements FtpCommand {}

    /** MLSD. */
    record ListFacts(String path) implements FtpCommand {}

    /** REST: where the next transfer begins. */
    record Restart(long offset) implements FtpCommand {}

    /** RETR. */
    record Retrieve(String path) implements FtpCommand {}

    /** STOR. */
    record Store(String path) implements FtpCommand {}

    /** STOU. */
    record StoreUnique() implements FtpCommand {}

    /** APPE. */
    record Append(String path) implements FtpCommand {}

    /** ABOR. */
    record Abort() implements FtpCommand {}

    /**
     * Parses a line, which has no end any more.
     *
     * @throws Refusal with the reply that says what is wrong with it
     */
    static FtpCommand parse(String line) throws Refusal {
        String said = withoutTelnet(line);
        if (said.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
            throw FtpReply.syntax("control characters have no place in a command");
        }
        int space = said.indexOf(' ');
        String verb = Ascii.upper(space < 0 ? said : said.substring(0, space));
        String rest = space < 0 ? "" : said.substring(space + 1); // a name may begin with a space
        FtpCommand command = conversation(verb, rest);
        if (command == null) {
            command = channel(verb, rest);
        }
        if (command == null) {
            command = file(verb, rest);
        }
        if (command == null) {
            throw FtpReply.unknownCommand();
        }
        return command;
    }

    /**
     * RFC 959 §4.1.3: ABOR may come after Telnet's IP and Synch. No UTF-8 has an octet of 255, so
     * whatever it begins is Telnet's.
     */
    private static String withoutTelnet(String line) {
        if (line.indexOf(0xff) < 0) {
            return line;
        }
        StringBuilder kept = new StringBuilder(line.length());
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) != 0xff) {
                kept.append(line.charAt(i));
            } else if (i + 1 < line.length() && line.charAt(i + 1) >= 0xfb) {
                i += 2; // WILL, WONT, DO, DONT and what; or 255 for 255, which no name has
            } else if (i + 1 < line.length() && line.charAt(i + 1) >= 0xf0) {
                i += 1;
            }
        }
        return kept.toString();
    }

    private static @Nullable FtpCommand conversation(String verb, String rest) throws Refusal {
        return switch (verb) {
            case "USER" -> new User(present(rest, "say USER name"));
            case "PASS" -> new Pass(rest);
            case "ACCT" -> new Noop(FtpReply.NO_ACCOUNT);
            case "REIN" -> new Reinitialize();
            case "QUIT" -> new Quit();
            case "HOST" -> new Host(present(rest, "say HOST name"));
            case "AUTH" -> new Auth(Ascii.upper(present(rest, "say AUTH TLS")));
            case "PBSZ" -> {
                number(rest);
                yield new BufferSize();
            }
            case "PROT" -> new Protect(letter(rest));
            case "CCC" -> new ClearControl();
            case "FEAT" -> new Features();
            case "OPTS" -> options(rest);
            case "CLNT" -> new ClientName(rest);
            case "SYST" -> new SystemType();
            case "HELP" -> new Help();
            case "NOOP" -> new Noop(FtpReply.OK);
            case "LANG" -> new Language(rest);
            case "ABOR" -> new Abort();
            case "STAT" ->
                    new Status(
                            rest.isEmpty() ? Optional.empty() : Optional.of(withoutSwitches(rest)));
            case "SITE" -> site(rest);
            case "SMNT", "ADAT", "CONF", "ENC", "MIC" -> throw FtpReply.notDone();
            default -> null;
        };
    }

    private static @Nullable FtpCommand channel(String verb, String rest) throws Refusal {
        return switch (verb) {
            case "TYPE" -> type(Ascii.upper(rest));
            case "STRU" -> only("F", rest, "STRU F");
            case "MODE" -> only("S", rest, "MODE S");
            case "ALLO" -> { // RFC 959 §4.1.3; the size of a record may follow
                number(rest.replaceFirst(" [Rr] [0-9]+$", ""));
                yield new Noop(FtpReply.NOTHING_TO_ALLOCATE);
            }
            case "PORT" -> port(rest);
            case "EPRT" -> extendedPort(rest);
            case "PASV" -> new Passive();
            case "EPSV" -> extendedPassive(Ascii.upper(rest));
            case "REST" -> new Restart(number(rest));
            default -> null;
        };
    }

    private static @Nullable FtpCommand file(String verb, String rest) throws Refusal {
        return switch (verb) {
            case "PWD", "XPWD" -> new WhereAmI();
            case "CWD", "XCWD" -> new Enter(path(rest));
            case "CDUP", "XCUP" -> new Enter("..");
            case "MKD", "XMKD" -> new MakeFolder(path(rest));
            case "RMD", "XRMD" -> new RemoveFolder(path(rest));
            case "DELE" -> new Delete(path(rest));
            case "RNFR" -> new RenameFrom(path(rest));
            case "RNTO" -> new RenameTo(path(rest));
            case "SIZE" -> new SizeOf(path(rest));
            case "MDTM" -> modified(path(rest));
            case "MFMT" -> setModified(rest);
            case "AVBL" -> new Available(rest);
            case "HASH" -> new Hash(path(rest));
            case "MLST" -> new Facts(rest);
            case "LIST" -> new ListLong(withoutSwitches(rest));
            case "NLST" -> new ListNames(withoutSwitches(rest));
            case "MLSD" -> new ListFacts(rest);
            case "RETR" -> new Retrieve(path(rest));
            case "STOR" -> new Store(path(rest));
            case "STOU" -> new StoreUnique();
            case "APPE" -> new Append(path(rest));
            default -> null;
        };
    }

    private static String present(String argument, String form) throws Refusal {
        if (argument.isEmpty()) {
            throw FtpReply.syntax(form);
        }
        return argument;
    }

    private static String path(String argument) throws Refusal {
        return present(argument, "a name is missing");
    }

    private static FtpCommand only(String value, String given, String form) throws Refusal {
        if (!Ascii.upper(given).equals(value)) {
            throw FtpReply.parameterNotDone("only " + form + " is done here");
        }
        return new Noop(FtpReply.OK);
    }

    /** RFC 959 §3.1.1: A or A N, I, and L 8, which is I. */
    private static FtpCommand type(String value) throws Refusal {
        return switch (value) {
            case "A", "A N" -> new Type(true);
            case "I", "L 8" -> new Type(false);
            default -> throw FtpReply.parameterNotDone("only TYPE A and TYPE I are done here");
        };
    }

    private static char letter(String value) throws Refusal {
        if (value.length() != 1) {
            throw FtpReply.syntax("say PROT P or PROT C");
        }
        return Ascii.upper(value).charAt(0);
    }

    /** RFC 2389 §4. */
    private static FtpCommand options(String rest) throws Refusal {
        String text = present(rest, "say OPTS command options");
        int space = text.indexOf(' ');
        return new Options(
                Ascii.upper(space < 0 ? text : text.substring(0, space)),
                space < 0 ? "" : text.substring(space + 1));
    }

    /** RFC 959 §4.1.2: h1,h2,h3,h4,p1,p2. */
    private static FtpCommand port(String rest) throws Refusal {
        String[] words = rest.split(",", -1);
        byte[] octets = new byte[6];
        if (words.length != octets.length) {
            throw FtpReply.syntax("say PORT h1,h2,h3,h4,p1,p2");
        }
        for (int i = 0; i < octets.length; i++) {
            long octet = number(words[i].strip());
            if (octet > 255) {
                throw FtpReply.syntax("say PORT h1,h2,h3,h4,p1,p2");
            }
            octets[i] = (byte) octet;
        }
        byte[] host = java.util.Arrays.copyOf(octets, 4);
        return new Active(address(host), ((octets[4] & 0xff) << 8) | (octets[5] & 0xff));
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new AssertionError(impossible); // it has 4 bytes
        }
    }

    /** RFC 2428 §2: the first character is the one between the words. */
    private static FtpCommand extendedPort(String rest) throws Refusal {
        String form = "say EPRT |1|192.0.2.1|port| or EPRT |2|2001:db8::1|port|";
        if (rest.length() < 7 || rest.charAt(0) != rest.charAt(rest.length() - 1)) {
            throw FtpReply.syntax(form);
        }
        String mark = java.util.regex.Pattern.quote(rest.substring(0, 1));
        String[] words = rest.substring(1, rest.length() - 1).split(mark, -1);
        if (words.length != 3) {
            throw FtpReply.syntax(form);
        }
        if (!words[0].equals("1") && !words[0].equals("2")) {
            throw FtpReply.unknownFamily();
        }
        long port = number(words[2]);
        boolean literal =
                words[1].length() <= 45
                        && words[1].chars()
                                .allMatch(c -> "0123456789abcdefABCDEF:.".indexOf(c) >= 0)
                        && (words[1].indexOf(':') >= 0) == words[0].equals("2");
        if (!literal || port > 65_535) {
            throw FtpReply.syntax(form);
        }
        try {
            return new Active(InetAddress.ofLiteral(words[1]), (int) port);
        } catch (IllegalArgumentException e) {
            throw FtpReply.syntax(form);
        }
    }

    /** RFC 2428 §3. */
    private static FtpCommand extendedPassive(String value) throws Refusal {
        return switch (value) {
            case "" -> new ExtendedPassive(0);
            case "1" -> new ExtendedPassive(4);
            case "2" -> new ExtendedPassive(6);
            case "ALL" -> new OnlyExtendedPassive();
            default -> throw FtpReply.unknownFamily();
        };
    }

    /** A number; one too large for any file counts as the largest there can be. */
    private static long number(String word) throws Refusal {
        if (word.isEmpty() || word.length() > 40 || !word.chars().allMatch(FtpCommand::isDigit)) {
            throw FtpReply.syntax("that is no number");
        }
        String digits = word.replaceFirst("^0+(?=.)", "");
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    /** Clients ask for switches of ls before the name: -a, -l, -la. None is needed here. */
    private static String withoutSwitches(String rest) {
        String path = rest;
        while (path.startsWith("-")) {
            int space = path.indexOf(' ');
            path = space < 0 ? "" : path.substring(space + 1);
        }
        return path;
    }

    /** RFC 3659 §3; with a time before the name it sets it, as lftp and others do. */
    private static FtpCommand modified(String rest) {
        int space = rest.indexOf(' ');
        if (space == 14 && rest.chars().limit(14).allMatch(FtpCommand::isDigit)) {
            try {
                return new SetModified(time(rest.substring(0, 14)), rest.substring(15));
            } catch (Refusal noTime) {
                return new ModifiedOf(rest); // then it is a name
            }
        }
        return new ModifiedOf(rest);
    }

    /** draft-somers-ftp-mfxx: MFMT YYYYMMDDHHMMSS path. */
    private static FtpCommand setModified(String rest) throws Refusal {
        int space = rest.indexOf(' ');
        if (space < 14 || space == rest.length() - 1) {
            throw FtpReply.syntax("say MFMT YYYYMMDDHHMMSS name");
        }
        return new SetModified(time(rest.substring(0, space)), rest.substring(space + 1));
    }

    /** RFC 3659 §2.3: YYYYMMDDHHMMSS in UTC, and a fraction if need be. */
    private static Instant time(String word) throws Refusal {
        boolean form =
                word.length() <= 24
                        && word.chars().limit(14).allMatch(FtpCommand::isDigit)
                        && (word.length() == 14
                                || (word.length() > 15
                                        && word.charAt(14) == '.'
                                        && word.chars().skip(15).allMatch(FtpCommand::isDigit)));
        if (!form) {
            throw FtpReply.syntax("a time is YYYYMMDDHHMMSS, in UTC");
        }
        String fraction = (word.length() > 15 ? word.substring(15) : "") + "000000000";
        try {
            return LocalDateTime.of(
                            Integer.parseInt(word.substring(0, 4)),
                            Integer.parseInt(word.substring(4, 6)),
                            Integer.parseInt(word.substring(6, 8)),
                            Integer.parseInt(word.substring(8, 10)),
                            Integer.parseInt(word.substring(10, 12)),
                            Integer.parseInt(word.substring(12, 14)),
                            Integer.parseInt(fraction.substring(0, 9)))
                    .toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw FtpReply.syntax("there is no such time");
        }
    }

    /** SITE CHMOD octal name, SITE UTIME YYYYMMDDhhmm[ss] name. */
    private static FtpCommand site(String rest) throws Refusal {
        int space = rest.indexOf(' ');
        String verb = Ascii.upper(space < 0 ? rest : rest.substring(0, space));
        String argument = space < 0 ? "" : rest.substring(space + 1);
        return switch (verb) {
            case "CHMOD" -> chmod(argument);
            case "UTIME" -> utime(argument);
            case "HELP" -> new Help();
            default -> throw FtpReply.parameterNotDone("SITE does CHMOD and UTIME");
        };
    }

    private static FtpCommand chmod(String argument) throws Refusal {
        int space = argument.indexOf(' ');
        String mode = space < 0 ? "" : argument.substring(0, space);
        if (!mode.matches("[0-7]{3,4}") || space == argument.length() - 1) {
            throw FtpReply.syntax("say SITE CHMOD 644 name");
        }
        return new SetMode(Integer.parseInt(mode, 8) & 0777, argument.substring(space + 1));
    }

    private static FtpCommand utime(String argument) throws Refusal {
        int space = argument.indexOf(' ');
        if (space != 12 && space != 14) {
            throw FtpReply.syntax("say SITE UTIME YYYYMMDDhhmmss name");
        }
        String when = argument.substring(0, space) + (space == 12 ? "00" : "");
        return new SetModified(time(when), path(argument.substring(space + 1)));
    }
}
