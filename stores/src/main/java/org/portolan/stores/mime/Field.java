package org.portolan.stores.mime;

import org.jspecify.annotations.Nullable;

/** The header fields that are kept of a message or a part. */
enum Field {
    DATE,
    SUBJECT,
    FROM,
    SENDER,
    REPLY_TO,
    TO,
    CC,
    BCC,
    IN_REPLY_TO,
    MESSAGE_ID,
    REFERENCES,
    CONTENT_TYPE,
    CONTENT_TRANSFER_ENCODING,
    CONTENT_ID,
    CONTENT_DESCRIPTION,
    CONTENT_DISPOSITION,
    CONTENT_MD5,
    CONTENT_LANGUAGE,
    CONTENT_LOCATION;

    /** The longest name. */
    static final int LONGEST = "content-transfer-encoding".length();

    /** Whether it says something of a part; the others only of a message. */
    boolean ofParts() {
        return compareTo(CONTENT_TYPE) >= 0;
    }

    /** Of several such fields the first counts; of others the last one does. So does Dovecot. */
    boolean firstCounts() {
        return ofParts() && this != CONTENT_DISPOSITION;
    }

    /** Addresses of several such fields are one list. */
    boolean addresses() {
        return compareTo(FROM) >= 0 && compareTo(BCC) <= 0;
    }

    /** The field called {@code name}, in small letters. */
    static @Nullable Field named(String name) {
        return switch (name) {
            case "date" -> DATE;
            case "subject" -> SUBJECT;
            case "from" -> FROM;
            case "sender" -> SENDER;
            case "reply-to" -> REPLY_TO;
            case "to" -> TO;
            case "cc" -> CC;
            case "bcc" -> BCC;
            case "in-reply-to" -> IN_REPLY_TO;
            case "message-id" -> MESSAGE_ID;
            case "references" -> REFERENCES;
            case "content-type" -> CONTENT_TYPE;
            case "content-transfer-encoding" -> CONTENT_TRANSFER_ENCODING;
            case "content-id" -> CONTENT_ID;
            case "content-description" -> CONTENT_DESCRIPTION;
            case "content-disposition" -> CONTENT_DISPOSITION;
            case "content-md5" -> CONTENT_MD5;
            case "content-language" -> CONTENT_LANGUAGE;
            case "content-location" -> CONTENT_LOCATION;
            default -> null;
        };
    }
}
