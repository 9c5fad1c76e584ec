package org.portolan.files.ftp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.portolan.kernel.Connection;
import org.portolan.stores.files.FileProblem;
import org.portolan.stores.files.Listing;
import org.portolan.stores.files.Node;
import org.portolan.stores.files.TreePath;
import org.portolan.stores.files.View;
import org.portolan.wire.Refusal;

/**
 * What LIST, NLST and MLSD send, and STAT says: a page of a folder at a time, so that a million
 * files take no more memory than a hundred.
 */
final class Listings {
    /** What FEAT says before somebody has chosen. */
    static final String ALL_FACTS = features(EnumSet.allOf(ListLine.Fact.class));

    private final View view;
    private final InstantSource clock;
    private Set<ListLine.Fact> facts = EnumSet.allOf(ListLine.Fact.class);

    Listings(View view, InstantSource clock) {
        this.view = view;
        this.clock = clock;
    }

    /** Where lines go. */
    interface Lines {
        /** Takes whole lines, each with its CR LF. */
        void take(StringBuilder lines) throws IOException;
    }

    /** How a file becomes a line. */
    private interface Form {
        String line(Node node, String name);
    }

    /** One list that is about to be sent. */
    static final class Prepared implements Transfer.Work {
        private final Optional<Listing> folder;
        private List<Node> alone; // a file that was named itself
        private final Form form;
        private final Optional<ListPattern> pattern;
        private final String before;

        private Prepared(
                Optional<Listing> folder,
                List<Node> alone,
                Form form,
                Optional<ListPattern> pattern,
                String before) {
            this.folder = folder;
            this.alone = alone;
            this.form = form;
            this.pattern = pattern;
            this.before = before;
        }

        @Override
        public boolean isShort() {
            return false;
        }

        @Override
        public String move(Connection data) throws IOException, FileProblem {
            int count =
                    sendTo(
                            lines -> {
                                byte[] bytes = lines.toString().getBytes(ISO_8859_1);
                                data.write(bytes, 0, bytes.length);
                            });
            return "226 " + count + " listed";
        }

        /** Sends all of it; returns how many lines. */
        int sendTo(Lines lines) throws IOException, FileProblem {
            int count = 0;
            StringBuilder page = new StringBuilder(16 * 1024);
            for (List<Node> nodes = page(); !nodes.isEmpty(); nodes = page()) {
                page.setLength(0);
                for (Node node : nodes) {
                    if (pattern.isPresent() && !pattern.get().matches(node.name())) {
                        continue;
                    }
                    Optional<String> name = ListLine.name(node.name());
                    if (name.isPresent()) {
                        page.append(form.line(node, before + name.get())).append("\r\n");
                        count++;
                    }
                }
                lines.take(page);
            }
            return count;
        }

        private List<Node> page() throws FileProblem {
            List<Node> nodes = folder.isPresent() ? folder.get().page() : alone;
            alone = List.of();
            return nodes;
        }

        @Override
        public void close() {
            folder.ifPresent(Listing::close);
        }
    }

    // ---- what is listed

    /** LIST, and what STAT says of a path. */
    Prepared longForm(TreePath here, String asked) throws FileProblem, Refusal {
        Instant now = clock.instant();
        return prepared(here, asked, "", (node, name) -> ListLine.longForm(node, name, now));
    }

    /** NLST: names as the client can use them, with the folders that it named itself. */
    Prepared names(TreePath here, String asked) throws FileProblem, Refusal {
        int slash = asked.lastIndexOf('/');
        boolean lastIsFolder =
                !asked.isEmpty()
                        && !ListPattern.is(asked.substring(slash + 1))
                        && view.stat(here.resolve(text(asked))).isFolder();
        String before =
                lastIsFolder
                        ? asked.endsWith("/") ? asked : asked + "/"
                        : asked.substring(0, slash + 1);
        return prepared(here, asked, before, (node, name) -> name);
    }

    private Prepared prepared(TreePath here, String asked, String before, Form form)
            throws FileProblem, Refusal {
        int slash = asked.lastIndexOf('/');
        String last = asked.substring(slash + 1);
        TreePath path = here.resolve(text(asked));
        if (!ListPattern.is(last)) {
            return of(path, form, Optional.empty(), before);
        }
        try {
            return of(path, form, Optional.empty(), before); // a file may be called so
        } catch (FileProblem e) {
            if (e.kind() != FileProblem.Kind.MISSING) {
                throw e;
            }
        }
        TreePath folder = here.resolve(text(asked.substring(0, slash + 1)));
        ListPattern pattern = new ListPattern(text(last));
        return in(folder, form, Optional.of(pattern), before);
    }

    private Prepared of(TreePath path, Form form, Optional<ListPattern> pattern, String before)
            throws FileProblem {
        Node node = view.stat(path);
        return node.isFolder()
                ? in(path, form, pattern, before)
                : new Prepared(Optional.empty(), List.of(node), form, pattern, before);
    }

    private Prepared in(TreePath folder, Form form, Optional<ListPattern> pattern, String before)
            throws FileProblem {
        return new Prepared(Optional.of(view.list(folder)), List.of(), form, pattern, before);
    }

    /** MLSD (RFC 3659 §7). */
    Prepared facts(TreePath path) throws FileProblem, Refusal {
        if (!view.stat(path).isFolder()) {
            throw FtpReply.syntax("that is no folder; MLST tells of a file");
        }
        boolean adds = view.isWritable(path);
        boolean changes = view.isChangeable(path);
        Set<ListLine.Fact> wanted = EnumSet.copyOf(facts);
        return in(
                path,
                (node, name) -> ListLine.facts(node, name, wanted, adds, changes),
                Optional.empty(),
                "");
    }

    /** MLST: one line. */
    String factsOf(TreePath path) throws FileProblem {
        Node node = view.stat(path);
        TreePath folder = node.isFolder() ? path : path.parent();
        return ListLine.facts(
                node,
                FtpReply.text(path.toString()),
                facts,
                view.isWritable(folder),
                view.isChangeable(folder));
    }

    // ---- which facts

    /** OPTS MLST: returns those that will be told. */
    String choose(String names) {
        Set<ListLine.Fact> chosen = EnumSet.noneOf(ListLine.Fact.class);
        StringBuilder told = new StringBuilder();
        for (String name : names.split(";")) {
            ListLine.Fact.named(name.strip()).ifPresent(chosen::add);
        }
        facts = chosen;
        chosen.forEach(fact -> told.append(fact.word).append(';'));
        return told.toString();
    }

    /** All there are, those that are told marked, as FEAT shows them (RFC 3659 §7.8). */
    String features() {
        return features(facts);
    }

    private static String features(Set<ListLine.Fact> facts) {
        StringBuilder all = new StringBuilder();
        for (ListLine.Fact fact : ListLine.Fact.values()) {
            all.append(fact.word).append(facts.contains(fact) ? "*;" : ";");
        }
        return all.toString();
    }

    private static String text(String asked) {
        return TreePath.text(asked.getBytes(ISO_8859_1));
    }
}
