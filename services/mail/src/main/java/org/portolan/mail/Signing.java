package org.portolan.mail;

/** Signs messages that leave the site. */
public interface Signing {
    /** Signs nothing. */
    Signing NONE =
            () ->
                    new Signature() {
                        @Override
                        public void take(byte[] bytes, int from, int count) {}

                        @Override
                        public String fields() {
                            return "";
                        }
                    };

    /** Begins a message that will leave. */
    Signature begin();

    /** Sees the message as it will leave, from its first field on. */
    interface Signature extends DotReader.Sink {
        /**
         * All of it has come: the fields to put before it, each with its CR LF; empty if there is
         * no key for its domain.
         */
        String fields();
    }
}
