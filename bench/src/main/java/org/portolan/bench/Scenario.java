package org.portolan.bench;

import java.io.IOException;
import java.util.List;

/** A group of trials with the same contenders; one word of the command line. */
interface Scenario {
    List<Section> run(Stage stage, Options options) throws IOException;
}
