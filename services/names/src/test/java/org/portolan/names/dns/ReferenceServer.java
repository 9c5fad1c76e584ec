package org.portolan.names.dns;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * RFC 1034 §4.3.2 as it is written, over lists that are searched from end to end: too slow for
 * anything but to be compared with.
 */
final class ReferenceServer {
    /** Answer and authority as lines in order, without TTLs. */
    record Said(int code, boolean authoritative, Set<String> answer, Set<String> authority) {}

    private final Name apex;
    private final List<Record> records;
    private final Set<Name> names = new LinkedHashSet<>();

    ReferenceServer(Name apex, List<Record> records) {
        this.apex = apex;
        this.records = records;
        for (Record each : records) {
            for (Name name = each.getName(); ; name = new Name(name, 1)) {
                names.add(name);
                if (name.equals(apex)) {
                    break;
                }
            }
        }
    }

    Said ask(Name question, int type) {
        Set<String> answer = new TreeSet<>();
        Name name = question;
        List<Name> seen = new ArrayList<>();
        boolean authoritative = true;
        while (name.subdomain(apex)) {
            Name cut = hiding(name, type);
            if (cut != null && !of(cut, Type.NS).isEmpty() && !cut.equals(apex)) {
                return said(Rcode.NOERROR, !seen.isEmpty(), answer, lines(of(cut, Type.NS), cut));
            }
            if (cut != null) {
                DNAMERecord dname = (DNAMERecord) of(cut, Type.DNAME).getFirst();
                answer.addAll(lines(List.of(dname), cut));
                Name target;
                try {
                    target = name.fromDNAME(dname);
                } catch (NameTooLongException e) {
                    return said(Rcode.YXDOMAIN, true, answer, Set.of());
                }
                answer.add(line(name, Type.CNAME, target.toString()));
                if (type == Type.CNAME || seen.contains(target)) {
                    return said(Rcode.NOERROR, true, answer, Set.of());
                }
                seen.add(name);
                name = target;
                continue;
            }
            Name node = name;
            if (!names.contains(name)) {
                Name encloser = new Name(name, 1);
                while (!names.contains(encloser)) {
                    encloser = new Name(encloser, 1);
                }
                node = Name.fromConstantString("*." + encloser);
                if (!names.contains(node)) {
                    return said(Rcode.NXDOMAIN, authoritative, answer, soa());
                }
            }
            List<Record> found = of(node, type);
            List<Record> aliases = of(node, Type.CNAME);
            if (!found.isEmpty() || aliases.isEmpty()) {
                answer.addAll(lines(found, name));
                return said(Rcode.NOERROR, true, answer, found.isEmpty() ? soa() : Set.of());
            }
            answer.addAll(lines(aliases, name));
            seen.add(name);
            name = ((CNAMERecord) aliases.getFirst()).getTarget();
            if (seen.contains(name)) {
                break;
            }
        }
        return said(
                seen.isEmpty() ? Rcode.REFUSED : Rcode.NOERROR, !seen.isEmpty(), answer, Set.of());
    }

    private static Said said(int code, boolean aa, Set<String> answer, Set<String> authority) {
        return new Said(code, aa, answer, authority);
    }

    /** The delegation or DNAME nearest to the apex that the name is below, or is. */
    private Name hiding(Name name, int type) {
        for (int labels = apex.labels(); labels <= name.labels(); labels++) {
            Name above = new Name(name, name.labels() - labels);
            boolean itself = labels == name.labels();
            boolean delegated = !above.equals(apex) && !of(above, Type.NS).isEmpty();
            if (delegated && !(itself && type == Type.DS)) {
                return above;
            }
            if (!itself && !of(above, Type.DNAME).isEmpty()) {
                return above;
            }
        }
        return null;
    }

    private List<Record> of(Name name, int type) {
        return records.stream()
                .filter(each -> each.getName().equals(name) && each.getType() == type)
                .toList();
    }

    private Set<String> soa() {
        return lines(of(apex, Type.SOA), apex);
    }

    static Set<String> lines(List<Record> records, Name owner) {
        Set<String> lines = new TreeSet<>();
        for (Record each : records) {
            String data =
                    each instanceof SOARecord soa
                            ? Long.toString(soa.getSerial())
                            : each.rdataToString();
            lines.add(line(owner, each.getType(), data));
        }
        return lines;
    }

    private static String line(Name owner, int type, String data) {
        return (owner + " " + Type.string(type) + " " + data).toLowerCase(java.util.Locale.ROOT);
    }
}
