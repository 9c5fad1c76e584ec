package org.portolan.bench;

/** The well-known ports, all moved up by the same base. */
record Ports(int base) {
    int lmtp() {
        return base + 24;
    }

    int ftp() {
        return base + 21;
    }

    int ftps() {
        return base + 990;
    }

    int ssh() {
        return base + 22;
    }

    int tftp() {
        return base + 69;
    }

    int smtp() {
        return base + 25;
    }

    int submission() {
        return base + 587;
    }

    int submissions() {
        return base + 465;
    }

    int pop3() {
        return base + 110;
    }

    int pop3s() {
        return base + 995;
    }

    int imap() {
        return base + 143;
    }

    int dns() {
        return base + 53;
    }

    int ntp() {
        return base + 123;
    }
}
