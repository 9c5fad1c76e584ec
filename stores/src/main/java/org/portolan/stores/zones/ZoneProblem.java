package org.portolan.stores.zones;

/** Why a zone cannot be served: a sentence for whoever wrote it, with file and line where known. */
public final class ZoneProblem extends Exception {
    private static final long serialVersionUID = 1;

    public ZoneProblem(String sentence) {
        super(sentence);
    }
}
