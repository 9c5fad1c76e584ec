package org.portolan.watch.ntp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which servers tell the truth, and what it is (RFC 5905 §11.2).
 *
 * <p>Each server says that the time is within its root distance of its offset. The true time is
 * where the intervals of a majority meet; who is not there is a falseticker. Of the others the one
 * with the lowest stratum, and then the least distance, becomes the system peer, and the offset is
 * the mean of all of them, weighted by how little they may be wrong. The clustering of §11.2.2,
 * which prunes many good servers down to three, is left out: those who remain are weighted anyway.
 */
final class Selection {
    /**
     * One server that can be chosen.
     *
     * @param name tells it from the others
     * @param offset how far it is ahead of this clock, in nanoseconds
     * @param distance the bound of that offset's error, in nanoseconds
     */
    record Candidate(String name, long offset, long distance, int stratum) {}

    /**
     * The outcome.
     *
     * @param peer whom to follow
     * @param truechimers all that agree, the peer among them
     * @param offset of all of them together
     */
    record Outcome(Candidate peer, List<Candidate> truechimers, long offset) {}

    private record Edge(long at, int kind) {}

    private static final int LOWER = -1;
    private static final int MIDDLE = 0;
    private static final int UPPER = 1;

    private Selection() {}

    /** Nothing if there is no majority. */
    static Optional<Outcome> of(List<Candidate> candidates) {
        List<Candidate> good = intersection(candidates);
        if (good.isEmpty()) {
            return Optional.empty();
        }
        Candidate peer =
                good.stream()
                        .min(
                                Comparator.comparingInt(Candidate::stratum)
                                        .thenComparingLong(Candidate::distance)
                                        .thenComparing(Candidate::name))
                        .orElseThrow();
        return Optional.of(new Outcome(peer, good, combined(good)));
    }

    /** RFC 5905 §11.2.1: the smallest interval that holds points of more than half of them. */
    private static List<Candidate> intersection(List<Candidate> candidates) {
        List<Edge> edges = new ArrayList<>();
        for (Candidate candidate : candidates) {
            edges.add(new Edge(candidate.offset - candidate.distance, LOWER));
            edges.add(new Edge(candidate.offset, MIDDLE));
            edges.add(new Edge(candidate.offset + candidate.distance, UPPER));
        }
        edges.sort(Comparator.comparingLong(Edge::at).thenComparingInt(Edge::kind));
        int count = candidates.size();
        for (int allow = 0; 2 * allow < count; allow++) {
            Sweep up = sweep(edges, count - allow, LOWER);
            Sweep down = sweep(edges.reversed(), count - allow, UPPER);
            // as many may be false as are allowed, and no more midpoints may lie outside
            if (up.found && down.found && up.at <= down.at && up.outside + down.outside <= allow) {
                return candidates.stream()
                        .filter(c -> c.offset >= up.at && c.offset <= down.at)
                        .toList();
            }
        }
        return List.of();
    }

    private record Sweep(boolean found, long at, int outside) {}

    /** Walks inward until so many intervals have begun; counts the middles that were passed. */
    private static Sweep sweep(List<Edge> edges, int wanted, int begin) {
        int open = 0;
        int outside = 0;
        for (Edge edge : edges) {
            if (edge.kind == MIDDLE) {
                outside++;
            } else {
                open += edge.kind == begin ? 1 : -1;
                if (open >= wanted) {
                    return new Sweep(true, edge.at, outside);
                }
            }
        }
        return new Sweep(false, 0, outside);
    }

    /** RFC 5905 §11.2.3. */
    private static long combined(List<Candidate> good) {
        double weights = 0;
        double sum = 0;
        for (Candidate candidate : good) {
            double weight = 1.0 / Math.max(1, candidate.distance);
            weights += weight;
            sum += candidate.offset * weight;
        }
        return Math.round(sum / weights);
    }
}
