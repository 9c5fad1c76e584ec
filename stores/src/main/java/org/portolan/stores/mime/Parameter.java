package org.portolan.stores.mime;

/** A parameter of a header field (RFC 2045 §5.1), name and value as they stand, quotes removed. */
public record Parameter(String name, String value) {}
