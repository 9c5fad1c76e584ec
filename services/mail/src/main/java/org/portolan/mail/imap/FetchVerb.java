package org.portolan.mail.imap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.portolan.mail.imap.FetchItem.Plain;
import org.portolan.mail.imap.FetchItem.Text;
import org.portolan.mail.imap.ImapPeer.Extension;
import org.portolan.stores.StoreException;
import org.portolan.stores.mail.FlagChange;
import org.portolan.stores.mail.Flags;
import org.portolan.stores.mail.Mail;
import org.portolan.stores.mail.Snapshot;
import org.portolan.stores.mail.UidSet;
import org.portolan.stores.mime.KeptFields;
import org.portolan.stores.mime.ParsedMessage;
import org.portolan.stores.mime.Part;
import org.portolan.wire.Refusal;

/**
 * FETCH (RFC 9051 §6.4.5). Messages are answered in batches: what a batch needs of the store is
 * asked for at once, and nothing is held of the batch before.
 */
final class FetchVerb {
    private static final int BATCH = 256;

    private final Mail mail;
    private final ImapPeer peer;
    private final Selection selection;
    private final ImapCommand.Fetch command;
    private final List<FetchItem> items;
    private final ImapOutput out;
    private final StructureWriter structures;
    private final FlagWords words = new FlagWords();
    private final boolean needsParsed;
    private final boolean needsFields;
    private final boolean needsFile;
    private final boolean marksSeen;
    private boolean someGone;
    private boolean someUndecodable;

    FetchVerb(Mail mail, ImapPeer peer, Selection selection, ImapCommand.Fetch command) {
        this.mail = mail;
        this.peer = peer;
        this.selection = selection;
        this.command = command;
        this.out = peer.output();
        this.structures = new StructureWriter(out, peer.utf8());
        this.items = items(command, peer.has(Extension.QRESYNC));
        this.needsParsed = items.stream().anyMatch(FetchVerb::needsParsed);
        this.needsFile =
                items.stream()
                        .anyMatch(
                                item ->
                                        (item instanceof FetchItem.Section && !ofKeptFields(item))
                                                || item instanceof FetchItem.DecodedSize);
        this.needsFields = items.stream().anyMatch(FetchVerb::ofKeptFields);
        this.marksSeen =
                !selection.readOnly()
                        && selection.mailbox().may('s')
                        && items.stream()
                                .anyMatch(i -> i instanceof FetchItem.Section s && !s.peek());
    }

    /** What is answered: a UID command names it, CHANGEDSINCE adds MODSEQ (RFC 7162 §3.1.4.1). */
    private static List<FetchItem> items(ImapCommand.Fetch command, boolean qresync) {
        Set<FetchItem> items = new LinkedHashSet<>();
        if (command.uid() || qresync) {
            items.add(Plain.UID);
        }
        items.addAll(command.items());
        if (command.changedSince().isPresent()) {
            items.add(Plain.MODSEQ);
        }
        return List.copyOf(items);
    }

    private static boolean needsParsed(FetchItem item) {
        return switch (item) {
            case Plain.ENVELOPE, Plain.BODY, Plain.BODYSTRUCTURE, Plain.PREVIEW -> true;
            case Plain _ -> false;
            case FetchItem.Section section ->
                    (section.text() != Text.WHOLE || !section.path().isEmpty())
                            && !ofKeptFields(section);
            case FetchItem.DecodedSize _ -> true;
        };
    }

    /** Whether it is answered by fields that the store keeps, so that no message is opened. */
    private static boolean ofKeptFields(FetchItem item) {
        return item instanceof FetchItem.Section section
                && section.text() == Text.HEADER_FIELDS
                && section.path().isEmpty()
                && KeptFields.cover(section.fields());
    }

    /** Answers; the tagged answer's words, for the session to say. */
    String run() throws IOException, StoreException, Refusal {
        selection.tell(false); // so that no flag is shown here that is not news to it later
        BitSet numbers = selection.numbers(command.set(), command.uid());
        if (command.vanished()) {
            tellVanished();
        }
        int[] batch = new int[BATCH];
        int used = 0;
        for (int n = numbers.nextSetBit(1); n > 0; n = numbers.nextSetBit(n + 1)) {
            batch[used++] = n;
            if (used == BATCH) {
                answer(batch, used);
                used = 0;
            }
        }
        if (used > 0) {
            answer(batch, used);
        }
        out.flush();
        if (someUndecodable) {
            throw ImapReply.unknownTransferEncoding();
        }
        if (someGone && !command.uid()) {
            throw ImapReply.expungeIssued(); // RFC 9051 §7.5.1: it may not hear of it before
        }
        return "FETCH completed";
    }

    /** RFC 7162 §3.2.6: what is gone of the uids asked for. */
    private void tellVanished() throws IOException, StoreException {
        UidSet asked =
                UidSet.ofRanges(
                        command.set().resolved(Math.max(1, selection.base().uidNext() - 1)));
        UidSet vanished =
                mail.vanishedSince(selection.id(), command.changedSince().orElse(0)).and(asked);
        if (!vanished.isEmpty()) {
            out.add("* VANISHED (EARLIER) ").add(vanished.toString()).line();
        }
    }

    private void answer(int[] numbers, int count) throws IOException, StoreException {
        Snapshot now = selection.told();
        int[] places = new int[count];
        int found = 0;
        long since = command.changedSince().orElse(-1);
        for (int i = 0; i < count; i++) {
            int place = selection.place(now, numbers[i]);
            someGone |= place < 0;
            if (place >= 0 && now.modseq(place) > since) {
                numbers[found] = numbers[i];
                places[found++] = place;
            }
        }
        UidSet seen = marksSeen ? markSeen(now, numbers, places, found) : UidSet.NONE;
        Snapshot after = selection.told();
        long[] bodies = needsParsed || needsFields ? bodies(now, places, found) : new long[0];
        List<Optional<ParsedMessage>> parsed =
                needsParsed ? ParsedMessages.of(mail, bodies) : List.of();
        List<byte @Nullable []> fields = needsFields ? mail.keptFields(bodies) : List.of();
        for (int i = 0; i < found; i++) {
            long uid = now.uid(places[i]);
            int place = after == now ? places[i] : after.indexOf(uid);
            if (place < 0) {
                someGone = true;
                continue;
            }
            try (MessageSource source =
                    new MessageSource(
                            mail,
                            now.body(places[i]),
                            needsParsed ? parsed.get(i) : Optional.empty(),
                            needsFields ? fields.get(i) : null)) {
                message(after, numbers[i], place, source, seen.contains(uid));
            }
        }
    }

    private static long[] bodies(Snapshot now, int[] places, int count) {
        long[] bodies = new long[count];
        for (int i = 0; i < count; i++) {
            bodies[i] = now.body(places[i]);
        }
        return bodies;
    }

    /** RFC 9051 §6.4.5: reading a body sets \Seen; it is on disk before the body is sent. */
    private UidSet markSeen(Snapshot now, int[] numbers, int[] places, int count)
            throws IOException, StoreException {
        UidSet.Builder unseen = new UidSet.Builder();
        BitSet marked = new BitSet();
        for (int i = 0; i < count; i++) {
            if ((now.flags(places[i]) & Flags.SEEN) == 0) {
                unseen.add(now.uid(places[i]));
                marked.set(numbers[i]);
            }
        }
        UidSet uids = unseen.build();
        if (!uids.isEmpty()) {
            FlagChange change = FlagChange.add(Flags.SEEN);
            mail.store(selection.id(), uids, change, OptionalLong.empty());
            // the FETCH response will tell of those; of what others did, this does
            selection.tell(false, new Selection.Own(marked, true, change, now));
        }
        return uids;
    }

    private void message(Snapshot now, int number, int place, MessageSource source, boolean marked)
            throws IOException, StoreException {
        int mark = out.mark();
        try {
            open(source);
            out.add("* ").add(number).add(" FETCH (");
            if (!decodable(source)) { // RFC 3516 §4.3: the whole command is a NO, in the end
                someUndecodable = true;
                if (marked) {
                    words.write(out, now.flags(place), now.keywords());
                    out.add(')').line();
                } else {
                    out.back(mark);
                }
                return;
            }
            for (int i = 0; i < items.size(); i++) {
                if (i > 0) {
                    out.add(' ');
                }
                item(items.get(i), now, place, source);
            }
            if (marked && !items.contains(Plain.FLAGS)) {
                out.add(' ');
                words.write(out, now.flags(place), now.keywords());
            }
            out.add(')').line();
        } catch (NoSuchFileException e) { // expunged between the look and the read
            out.back(mark);
            someGone = true;
        }
    }

    /** Before anything is said that could not be taken back. */
    private void open(MessageSource source) throws IOException, StoreException {
        boolean fieldsUnknown = needsFields && source.keptFields().isEmpty();
        if (fieldsUnknown || needsParsed) {
            source.parsed();
        }
        if (fieldsUnknown || needsFile) {
            source.file();
        }
    }

    /** Whether every part that is asked for without its encoding has one that is known. */
    private boolean decodable(MessageSource source) throws IOException, StoreException {
        for (FetchItem item : items) {
            List<Integer> path =
                    switch (item) {
                        case FetchItem.Section section when section.decoded() -> section.path();
                        case FetchItem.DecodedSize size -> size.path();
                        case FetchItem.Section _, Plain _ -> List.of();
                    };
            if (!path.isEmpty()
                    && !PartText.find(source.parsed().root(), path)
                            .map(part -> part.multipart() || PartText.decodable(part))
                            .orElse(true)) {
                return false;
            }
        }
        return true;
    }

    private void item(FetchItem item, Snapshot now, int place, MessageSource source)
            throws IOException, StoreException {
        switch (item) {
            case Plain.UID -> out.add("UID ").add(now.uid(place));
            case Plain.FLAGS -> words.write(out, now.flags(place), now.keywords());
            case Plain.INTERNALDATE -> {
                out.add("INTERNALDATE ");
                ImapDates.write(out, now.received(place));
            }
            case Plain.RFC822_SIZE -> out.add("RFC822.SIZE ").add(now.size(place));
            case Plain.MODSEQ -> out.add("MODSEQ (").add(now.modseq(place)).add(')');
            case Plain.EMAILID -> out.add("EMAILID (M").add(now.body(place)).add(')');
            case Plain.THREADID -> out.add("THREADID NIL"); // RFC 8474 §5.2: none are kept
            case Plain.SAVEDATE -> {
                out.add("SAVEDATE ");
                ImapDates.write(out, now.saved(place));
            }
            case Plain.ENVELOPE -> {
                out.add("ENVELOPE ");
                structures.envelope(source.parsed().envelope());
            }
            case Plain.BODY -> {
                out.add("BODY ");
                structures.structure(source.parsed().root(), false);
            }
            case Plain.BODYSTRUCTURE -> {
                out.add("BODYSTRUCTURE ");
                structures.structure(source.parsed().root(), true);
            }
            case Plain.PREVIEW -> preview(source.parsed().preview());
            case FetchItem.Section section -> section(section, now.size(place), source);
            case FetchItem.DecodedSize size -> decodedSize(size, source);
        }
    }

    /** RFC 8970 §3.2: text in UTF-8. */
    private void preview(String preview) {
        String raw = new String(preview.getBytes(UTF_8), ISO_8859_1);
        out.add("PREVIEW ");
        if (peer.utf8()) {
            out.text(raw);
        } else {
            out.string(raw);
        }
    }

    private void section(FetchItem.Section section, long size, MessageSource source)
            throws IOException, StoreException {
        boolean whole = section.text() == Text.WHOLE && section.path().isEmpty();
        if (section.decoded() && !whole) {
            decoded(section, source.parsed().root(), source.file());
            return;
        }
        boolean fields =
                section.text() == Text.HEADER_FIELDS || section.text() == Text.HEADER_FIELDS_NOT;
        if (fields) {
            fields(section, source);
            return;
        }
        Optional<PartText.Stretch> stretch =
                whole
                        ? Optional.of(new PartText.Stretch(0, size))
                        : PartText.stretch(source.parsed().root(), section);
        label(section);
        if (stretch.isEmpty()) {
            out.nil();
            return;
        }
        long from = Math.min(Math.max(section.from(), 0), stretch.get().count());
        long rest = stretch.get().count() - from;
        long count = section.from() < 0 ? rest : Math.min(rest, section.count());
        out.add('{').add(count).add("}\r\n");
        if (count > 0) {
            out.send(source.file(), stretch.get().from() + from, count);
        }
    }

    private void label(FetchItem.Section section) {
        out.add(section.label());
        if (section.from() >= 0) {
            out.add('<').add(section.from()).add('>');
        }
        out.add(' ');
    }

    private void fields(FetchItem.Section section, MessageSource source)
            throws IOException, StoreException {
        Optional<byte[]> kept = // a copy, for it is gathered in place
                ofKeptFields(section) ? source.keptFields().map(byte[]::clone) : Optional.empty();
        Optional<byte[]> header = kept.isPresent() ? kept : header(section, source);
        label(section);
        if (header.isEmpty()) {
            out.nil();
            return;
        }
        boolean wanted = section.text() == Text.HEADER_FIELDS;
        byte[] bytes = header.get();
        literal(section, bytes, PartText.gather(bytes, section.fields(), wanted), "{");
    }

    private static Optional<byte[]> header(FetchItem.Section section, MessageSource source)
            throws IOException, StoreException {
        Optional<PartText.Stretch> header =
                PartText.headerOf(source.parsed().root(), section.path());
        return header.isEmpty()
                ? Optional.empty()
                : Optional.of(PartText.read(source.file(), header.get()));
    }

    /** BINARY[…] (RFC 3516 §4.2): a literal8, as NULs may be in it. */
    private void decoded(FetchItem.Section section, Part root, FileChannel file)
            throws IOException {
        Optional<Part> part = PartText.find(root, section.path());
        if (part.isEmpty() || part.get().multipart()) {
            label(section);
            out.nil();
            return;
        }
        byte[] bytes = PartText.decoded(file, part.get());
        label(section);
        literal(section, bytes, bytes.length, "~{");
    }

    private void literal(FetchItem.Section section, byte[] bytes, int length, String head)
            throws IOException {
        int from = (int) Math.min(Math.max(section.from(), 0), length);
        int count = section.from() < 0 ? length : (int) Math.min(length - from, section.count());
        out.add(head).add(count).add("}\r\n");
        out.add(bytes, from, count);
        if (count > BATCH * 128) {
            out.flush();
        }
    }

    private void decodedSize(FetchItem.DecodedSize size, MessageSource source)
            throws IOException, StoreException {
        Part root = source.parsed().root();
        Optional<Part> part = PartText.find(root, size.path());
        out.add(size.label()).add(' ');
        if (size.path().isEmpty()) {
            out.add(root.end());
        } else if (part.isEmpty() || part.get().multipart()) {
            out.add(0);
        } else {
            out.add(PartText.decoded(source.file(), part.get()).length);
        }
    }

    /** Whether {@code items} switch CONDSTORE on (RFC 7162 §3.1). */
    static boolean enablesModSeq(ImapCommand.Fetch command) {
        return command.changedSince().isPresent() || command.items().contains(Plain.MODSEQ);
    }
}
