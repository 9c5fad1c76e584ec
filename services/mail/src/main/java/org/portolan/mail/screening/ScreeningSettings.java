package org.portolan.mail.screening;

import java.util.List;
import org.portolan.kernel.Network;
import org.portolan.kernel.Section;

/**
 * What an administrator can set.
 *
 * @param refuseSpfFail whether mail of hosts is refused that may not send it
 * @param notJudged the networks of whose hosts SPF is not asked
 */
public record ScreeningSettings(boolean refuseSpfFail, List<Network> notJudged) {
    /** Reads them, with their sentences and defaults. */
    public static ScreeningSettings read(Section in) {
        return new ScreeningSettings(
                in.flag(
                        "refuse_spf_fail",
                        false,
                        "Refuses mail from hosts that the sender's domain says may not send it."),
                in.list(
                        "not_judged",
                        List.of("127.0.0.0/8", "::1"),
                        "Networks whose hosts may send in any name; relays of your own are some.",
                        Network::of));
    }
}
