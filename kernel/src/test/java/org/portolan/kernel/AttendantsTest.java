package org.portolan.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.portolan.kernel.Door.StreamDoor;

/** Conversations in threads of the system. */
class AttendantsTest {
    /** Says what kind of thread it has, and echoes. */
    private record Attended(String name) implements Service {
        @Override
        public boolean wantsAttendants() {
            return true;
        }

        @Override
        public Limits limits() {
            return TestSite.PATIENT;
        }

        @Override
        public List<Door> doors() {
            Conversation conversation =
                    client -> {
                        Thread mine = Thread.currentThread();
                        client.writeLine(mine.isVirtual() ? "virtual" : "system");
                        client.writeLine(mine.getName().equals(client.id()) ? "mine" : "another's");
                        client.writeLine(client.readLine());
                    };
            return List.of(new StreamDoor(new Port(7, name), Tls.NEVER, conversation, ""));
        }
    }

    @Test
    void whoComesWhenAllAreTakenIsServedAsWell() throws Exception {
        List<TestPeer> peers = new ArrayList<>();
        try (TestSite site = new TestSite().with(new Attended("attended")).open()) {
            for (int i = 0; i < Attendants.MOST + 3; i++) {
                TestPeer peer = site.connect();
                peers.add(peer);
                assertThat(peer.line()).isEqualTo(i < Attendants.MOST ? "system" : "virtual");
                assertThat(peer.line()).isEqualTo("mine");
            }
            for (TestPeer peer : peers) {
                peer.send("hello\r\n");
                assertThat(peer.rest()).isEqualTo("hello\r\n");
                peer.close();
            }
            site.awaitEmpty();
            TestSite.await()
                    .until(
                            () -> {
                                try (TestPeer next = site.connect()) {
                                    return next.line().equals("system");
                                }
                            });
        }
    }
}
