package org.portolan.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What a resolver's answer says about a question. Only records of the name that was asked, and of
 * the names its aliases lead to, are looked at; all else in an answer is ignored.
 *
 * @param outcome of the look-up
 * @param records if they were found
 * @param name where the aliases led
 * @param seconds for how long this may be kept
 * @param secure whether the resolver says that it has checked signatures
 * @param why nobody could say
 */
record ResolverReply(
        Outcome outcome,
        List<Record> records,
        Name name,
        long seconds,
        boolean secure,
        String why) {
    /** How it ended. */
    enum Outcome {
        FOUND,
        NO_SUCH_NAME,
        NO_RECORD,
        /** The answer ends with an alias: ask about {@link ResolverReply#name}. */
        ALIAS,
        /** The answer does not fit into a datagram. */
        TRUNCATED,
        FAILED
    }

    /** An alias of an alias and so on: nobody means more than that. */
    private static final int MOST_ALIASES = 10;

    /** More records of one kind than anybody has a use for. */
    private static final int MOST_RECORDS = 200;

    private static final long LONGEST_KEPT = 86_400;
    private static final long LONGEST_DENIAL = 3_600; // RFC 2308 §5: one to three hours

    static ResolverReply failed(String why) {
        return new ResolverReply(Outcome.FAILED, List.of(), Name.root, 0, false, why);
    }

    ResolverReply keptFor(long other, boolean alsoSecure) {
        return new ResolverReply(
                outcome, records, name, Math.min(seconds, other), secure && alsoSecure, why);
    }

    /** Whether {@code bytes} answer the question of this number at all, and not another. */
    static boolean answers(byte[] bytes, int length, ResolverQuestion question, int id) {
        try {
            Message message = new Message(Arrays.copyOf(bytes, length));
            Record asked = message.getQuestion();
            return message.getHeader().getID() == id
                    && message.getHeader().getFlag(Flags.QR)
                    && message.getHeader().getOpcode() == Opcode.QUERY
                    && asked != null
                    && asked.getName().equals(question.name())
                    && asked.getType() == question.type()
                    && asked.getDClass() == DClass.IN;
        } catch (IOException | RuntimeException e) {
            return false; // not a message at all: the real answer may still come
        }
    }

    /** Reads an answer that {@link #answers} the question. */
    static ResolverReply read(byte[] bytes, int length, ResolverQuestion question) {
        try {
            Message message = new Message(Arrays.copyOf(bytes, length));
            if (message.getHeader().getFlag(Flags.TC)) {
                return new ResolverReply(
                        Outcome.TRUNCATED, List.of(), question.name(), 0, false, "truncated");
            }
            int code = message.getRcode();
            if (code != Rcode.NOERROR && code != Rcode.NXDOMAIN) {
                return failed("the resolver says " + Rcode.string(code));
            }
            return follow(message, question);
        } catch (IOException | RuntimeException e) {
            return failed("the resolver's answer cannot be read");
        }
    }

    private static ResolverReply follow(Message message, ResolverQuestion question) {
        boolean secure = message.getHeader().getFlag(Flags.AD);
        List<Record> answer = message.getSection(Section.ANSWER);
        Name name = question.name();
        long seconds = LONGEST_KEPT;
        for (int aliases = 0; aliases <= MOST_ALIASES; aliases++) {
            List<Record> found = of(answer, name, question.type());
            if (found.size() > MOST_RECORDS) {
                return failed("more than " + MOST_RECORDS + " records");
            }
            if (!found.isEmpty()) {
                long kept = Math.min(seconds, shortest(found));
                return new ResolverReply(Outcome.FOUND, found, name, kept, secure, "");
            }
            List<Record> alias = of(answer, name, Type.CNAME);
            if (alias.isEmpty()) {
                return nothing(message, question, name, seconds, secure);
            }
            seconds = Math.min(seconds, shortest(alias));
            name = ((CNAMERecord) alias.getFirst()).getTarget();
        }
        return failed("aliases without end");
    }

    private static ResolverReply nothing(
            Message message, ResolverQuestion question, Name name, long seconds, boolean secure) {
        long kept = Math.min(seconds, denial(message, name));
        if (message.getRcode() == Rcode.NXDOMAIN) { // RFC 6604 §3: said of the last name
            return new ResolverReply(Outcome.NO_SUCH_NAME, List.of(), name, kept, secure, "");
        }
        List<Record> authority = message.getSection(Section.AUTHORITY);
        boolean denied = authority.stream().anyMatch(r -> r instanceof SOARecord);
        if (!name.equals(question.name()) && !denied) {
            return new ResolverReply(Outcome.ALIAS, List.of(), name, seconds, secure, "");
        }
        boolean referral = authority.stream().anyMatch(r -> r.getType() == Type.NS);
        if (referral && !denied && !message.getHeader().getFlag(Flags.AA)) {
            return failed("the resolver sends us to others instead of asking them");
        }
        return new ResolverReply(Outcome.NO_RECORD, List.of(), name, kept, secure, "");
    }

    /** For how long it may be kept that something is not there (RFC 2308 §5). */
    private static long denial(Message message, Name name) {
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof SOARecord soa && name.subdomain(soa.getName())) {
                return Math.min(LONGEST_DENIAL, Math.min(soa.getTTL(), soa.getMinimum()));
            }
        }
        return 0;
    }

    private static List<Record> of(List<Record> records, Name name, int type) {
        List<Record> found = new ArrayList<>();
        for (Record record : records) {
            if (record.getType() == type
                    && record.getDClass() == DClass.IN
                    && record.getName().equals(name)) {
                found.add(record);
            }
        }
        return found;
    }

    private static long shortest(List<Record> records) {
        return records.stream().mapToLong(Record::getTTL).min().orElse(0);
    }
}
