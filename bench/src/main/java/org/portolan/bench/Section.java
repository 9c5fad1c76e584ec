package org.portolan.bench;

/** A table with its heading and a sentence on what was done. */
record Section(String title, String explanation, String table) {
    String markdown() {
        return "### " + title + "\n\n" + explanation + "\n\n" + table;
    }
}
