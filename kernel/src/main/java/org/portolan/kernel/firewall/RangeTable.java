package org.portolan.kernel.firewall;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * For each address the first of some rules that applies: the whole address space, cut where the
 * rules begin and end, so that a thousand rules cost eleven comparisons.
 */
final class RangeTable {
    private final long[] high;
    private final long[] low;
    private final int[] first;

    /** A place where rule {@code rule} begins, or is over. */
    private record Edge(long high, long low, int rule, boolean begins) {}

    /**
     * @param rules in their order
     * @param numbers the numbers to answer with
     */
    RangeTable(List<Rule> rules, List<Integer> numbers) {
        List<Edge> edges = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            for (AddressRange range : rules.get(i).ranges()) {
                edges.add(new Edge(range.fromHigh(), range.fromLow(), i, true));
                long afterLow = range.toLow() + 1;
                long afterHigh = range.toHigh() + (afterLow == 0 ? 1 : 0);
                if (afterHigh != 0 || afterLow != 0) { // else there is nothing after it
                    edges.add(new Edge(afterHigh, afterLow, i, false));
                }
            }
        }
        edges.sort(
                Comparator.comparing(Edge::high, Long::compareUnsigned)
                        .thenComparing(Edge::low, Long::compareUnsigned));
        high = new long[edges.size()];
        low = new long[edges.size()];
        first = new int[edges.size()];
        fill(edges, rules.size(), numbers);
    }

    private void fill(List<Edge> edges, int rules, List<Integer> numbers) {
        int[] depth = new int[rules]; // a rule's networks may overlap
        TreeSet<Integer> applying = new TreeSet<>();
        for (int i = 0; i < edges.size(); i++) {
            Edge edge = edges.get(i);
            depth[edge.rule()] += edge.begins() ? 1 : -1;
            if (depth[edge.rule()] == 0) {
                applying.remove(edge.rule());
            } else {
                applying.add(edge.rule());
            }
            high[i] = edge.high();
            low[i] = edge.low();
            // between edges at one place nobody lies; the last of them has it right
            first[i] = applying.isEmpty() ? -1 : numbers.get(applying.first());
        }
    }

    /** The numbers of all rules that decide about somebody who is not the host itself. */
    Set<Integer> decidingOutside() {
        Set<Integer> numbers = new TreeSet<>();
        for (int i = 0; i < first.length; i++) {
            boolean empty = i + 1 < first.length && high[i] == high[i + 1] && low[i] == low[i + 1];
            if (!empty && first[i] > 0 && !AddressRange.isLoopback(high[i], low[i])) {
                numbers.add(first[i]);
            }
        }
        return numbers;
    }

    /** The number of the first rule that applies to {@code address}; -1 if none does. */
    int firstFor(InetAddress address) {
        long wantedHigh = AddressRange.high(address);
        long wantedLow = AddressRange.low(address);
        int from = 0;
        int to = high.length - 1;
        while (from < to) { // the last edge that does not lie behind the address
            int middle = (from + to + 1) >>> 1;
            if (AddressRange.compare(high[middle], low[middle], wantedHigh, wantedLow) <= 0) {
                from = middle;
            } else {
                to = middle - 1;
            }
        }
        boolean behind = AddressRange.compare(high[from], low[from], wantedHigh, wantedLow) <= 0;
        return behind ? first[from] : -1;
    }
}
