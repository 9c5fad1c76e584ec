package org.portolan.mail.imap;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a client may say (RFC 9051 §6 and the extensions announced). Names of mailboxes and strings
 * are as they came, a byte in each character; only the session knows which encoding was agreed.
 */
sealed interface ImapCommand {
    record Capability() implements ImapCommand {}

    record Noop() implements ImapCommand {}

    record Logout() implements ImapCommand {}

    /** RFC 2971: what the client calls itself; nothing depends on it. */
    record Id(Map<String, String> about) implements ImapCommand {}

    record StartTls() implements ImapCommand {}

    record Authenticate(String mechanism, Optional<String> initial) implements ImapCommand {}

    record Login(String name, String password) implements ImapCommand {}

    record Enable(List<String> extensions) implements ImapCommand {}

    /** RFC 4978. */
    record Compress(String algorithm) implements ImapCommand {}

    /**
     * What a client that comes back knows already (RFC 7162 §3.2.5).
     *
     * @param known the uids it has, if it says
     * @param numbers sequence numbers and their uids, of some messages it has
     */
    record Resumption(
            long uidValidity,
            long modSeq,
            Optional<SequenceSet> known,
            Optional<SequenceSet> numbers,
            Optional<SequenceSet> uids) {}

    /** SELECT, and EXAMINE, which only looks. */
    record Select(
            String mailbox, boolean readOnly, boolean condStore, Optional<Resumption> resumption)
            implements ImapCommand {}

    record Create(String mailbox, Set<String> uses) implements ImapCommand {}

    record Delete(String mailbox) implements ImapCommand {}

    record Rename(String from, String to) implements ImapCommand {}

    record Subscribe(String mailbox, boolean on) implements ImapCommand {}

    /**
     * LIST (RFC 9051 §6.3.9, RFC 5258) and LSUB.
     *
     * @param select the selection options, as capitals
     * @param wanted the return options, as capitals
     * @param status what STATUS is to be told of each (RFC 5819)
     * @param extended whether it used more than the old form
     */
    record ListMailboxes(
            String reference,
            List<String> patterns,
            Set<String> select,
            Set<String> wanted,
            List<String> status,
            boolean subscribed,
            boolean extended)
            implements ImapCommand {}

    record Namespace() implements ImapCommand {}

    record Status(String mailbox, List<String> items) implements ImapCommand {}

    /**
     * A message that APPEND or REPLACE brings.
     *
     * @param size of its literal
     * @param waits whether the client waits to be told to go on
     */
    record Incoming(
            List<String> flags,
            Optional<OffsetDateTime> received,
            long size,
            boolean waits,
            boolean utf8) {}

    /** APPEND (RFC 9051 §6.3.12) with one message or several (RFC 3502). */
    record Append(String mailbox, List<Incoming> messages) implements ImapCommand {}

    /** REPLACE (RFC 8508): APPEND and EXPUNGE of {@code message} in one. */
    record Replace(boolean uid, long message, String mailbox, List<Incoming> messages)
            implements ImapCommand {}

    record Idle() implements ImapCommand {}

    record Check() implements ImapCommand {}

    record Close() implements ImapCommand {}

    record Unselect() implements ImapCommand {}

    /** EXPUNGE, or with a set UID EXPUNGE (RFC 4315 §2.1). */
    record Expunge(Optional<SequenceSet> uids) implements ImapCommand {}

    /**
     * SEARCH (RFC 9051 §6.4.4).
     *
     * @param wanted RETURN options as capitals; empty for the old form without any
     * @param extended whether RETURN stood there
     */
    record Search(boolean uid, Set<String> wanted, boolean extended, String charset, SearchKey key)
            implements ImapCommand {}

    /** One criterion of SORT. */
    record Criterion(String word, boolean reverse) {}

    /** SORT (RFC 5256, RFC 5267's RETURN). */
    record Sort(
            boolean uid,
            Set<String> wanted,
            boolean extended,
            List<Criterion> criteria,
            String charset,
            SearchKey key)
            implements ImapCommand {}

    /** FETCH. */
    record Fetch(
            boolean uid,
            SequenceSet set,
            List<FetchItem> items,
            OptionalLong changedSince,
            boolean vanished)
            implements ImapCommand {}

    /** How STORE changes flags. */
    enum Change {
        REPLACE,
        ADD,
        REMOVE
    }

    /** STORE. */
    record Store(
            boolean uid,
            SequenceSet set,
            OptionalLong unchangedSince,
            Change change,
            boolean silent,
            List<String> flags)
            implements ImapCommand {}

    /** COPY, and MOVE (RFC 6851). */
    record Copy(boolean uid, boolean move, SequenceSet set, String mailbox)
            implements ImapCommand {}

    record GetQuota(String root) implements ImapCommand {}

    record GetQuotaRoot(String mailbox) implements ImapCommand {}

    record SetQuota(String root) implements ImapCommand {}
}
