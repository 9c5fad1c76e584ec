package org.portolan.files.ftp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.auth.LoginGuard;
import org.portolan.kernel.Clock;
import org.portolan.kernel.Connection;
import org.portolan.kernel.Conversation;
import org.portolan.kernel.Door;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Hangup;
import org.portolan.kernel.Limits;
import org.portolan.kernel.Port;
import org.portolan.kernel.Ports;
import org.portolan.kernel.Service;
import org.portolan.kernel.Tls;
import org.portolan.stores.Accounts;
import org.portolan.stores.Events;
import org.portolan.stores.files.FileTree;
import org.portolan.wire.Ascii;

/** FTP's doors: 21, where TLS may be asked for, and 990, where it is there at once. */
public final class FtpService implements Service, Conversation {
    static final Port FTP = new Port(21, "ftp");
    static final Port FTPS = new Port(990, "ftps");

    /** A path of 4,095 bytes, and the command before it. */
    private static final int LINE_BYTES = 4_352;

    /** Commands that a trace may show: no secret is part of them. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "USER", "REIN", "QUIT", "HOST", "AUTH", "PBSZ", "PROT", "CCC", "FEAT", "OPTS",
                    "CLNT", "SYST", "HELP", "NOOP", "LANG", "ABOR", "STAT", "SITE", "TYPE", "STRU",
                    "MODE", "ALLO", "PORT", "EPRT", "PASV", "EPSV", "REST", "PWD", "XPWD", "CWD",
                    "XCWD", "CDUP", "XCUP", "MKD", "XMKD", "RMD", "XRMD", "DELE", "RNFR", "RNTO",
                    "SIZE", "MDTM", "MFMT", "AVBL", "HASH", "MLST", "LIST", "NLST", "MLSD", "RETR",
                    "STOR", "STOU", "APPE");

    private final FtpSession.Site site;

    /**
     * @param name the site's, to greet with
     */
    public FtpService(
            String name,
            FtpSettings settings,
            Accounts accounts,
            LoginGuard guard,
            FileTree tree,
            Events events,
            Ports ports,
            Clock clock) {
        this.site =
                new FtpSession.Site(name, settings, accounts, guard, tree, events, ports, clock);
    }

    @Override
    public String name() {
        return "ftp";
    }

    @Override
    public List<Door> doors() {
        return List.of(
                new StreamDoor(
                        FTP,
                        Tls.UPGRADE,
                        this,
                        "curl -sS --ssl-reqd --cacert {ca} ftp://{host}:{port}/ -u {account}"),
                new StreamDoor(
                        FTPS,
                        Tls.AT_ONCE,
                        this,
                        "curl -sS --cacert {ca} ftps://{host}:{port}/ -u {account}"));
    }

    /** A small file is twenty calls of the system and little else. */
    @Override
    public boolean wantsAttendants() {
        return true;
    }

    @Override
    public Limits limits() {
        return Limits.USUAL
                .withLineBytes(LINE_BYTES)
                .withIdle(site.settings().idle())
                .withSession(site.settings().session());
    }

    @Override
    public void converse(Connection client) throws IOException {
        new FtpSession(client, site).converse();
    }

    @Override
    public Optional<String> farewell(Hangup.Reason reason) {
        return Optional.of(FtpReply.farewell(reason));
    }

    @Override
    public String masked(String line) {
        int space = line.indexOf(' ');
        String verb = Ascii.upper(space < 0 ? line : line.substring(0, space));
        if (line.isEmpty() || HARMLESS.contains(verb)) {
            return line;
        }
        return verb.equals("PASS") ? verb + " ***" : "***"; // a password may stand anywhere else
    }
}
