package org.portolan.shell.ssh;

import java.io.IOException;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * That a channel is not opened (RFC 4254 §5.1), with its reason and a sentence: the library would
 * say either of them.
 *
 * @param code why, by number
 * @param words why, for people
 */
record OpenFailure(int code, String words) {
    /** Says so, and forgets the channel. */
    void say(Channel channel, Session session) {
        try {
            Buffer failure = session.createBuffer(SshConstants.SSH_MSG_CHANNEL_OPEN_FAILURE);
            failure.putUInt(channel.getRecipient());
            failure.putUInt(code);
            failure.putString(words);
            failure.putString("en");
            session.writePacket(failure);
        } catch (IOException e) { // then nobody waits for it, either
            session.exceptionCaught(e);
        } finally {
            channel.close(true);
        }
    }
}
