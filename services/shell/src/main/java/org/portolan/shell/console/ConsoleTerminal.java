package org.portolan.shell.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Attributes.OutputFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.impl.AbstractTerminal;
import org.jline.terminal.spi.SystemStream;
import org.jline.terminal.spi.TerminalProvider;
import org.jline.utils.NonBlockingReader;
import org.jspecify.annotations.Nullable;

/** A seat with a window, as the line editor sees a terminal. It has no thread of its own. */
final class ConsoleTerminal extends AbstractTerminal {
    private final Seat seat;
    private final Window window;
    private final Typed typed = new Typed();
    private final OutputStream out;
    private final PrintWriter writer;
    private Attributes attributes = new Attributes();

    ConsoleTerminal(Seat seat, Window window) throws IOException {
        super("console", kind(window.type()), UTF_8, SignalHandler.SIG_DFL);
        this.seat = seat;
        this.window = window;
        this.out = new LineEnds(seat.out());
        this.writer = new PrintWriter(new OutputStreamWriter(out, UTF_8), false);
        attributes.setLocalFlags(java.util.EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO));
        attributes.setInputFlags(java.util.EnumSet.of(InputFlag.ICRNL));
        attributes.setOutputFlags(java.util.EnumSet.of(OutputFlag.OPOST, OutputFlag.ONLCR));
        parseInfoCmp(); // what its keys send, and how it is steered
        window.onResize(() -> raise(Signal.WINCH));
    }

    /**
     * One of the kinds whose capabilities come with the line editor. For any other it would run a
     * program of the host, with a name as its argument that a peer chose.
     */
    private static String kind(String type) {
        String name = type.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals("dumb") || name.equals("unknown")) {
            return "dumb";
        }
        boolean screen = name.startsWith("screen") || name.startsWith("tmux");
        boolean colours = name.contains("256") || name.contains("direct");
        if (screen) {
            return colours ? "screen-256color" : "screen";
        }
        return colours ? "xterm-256color" : "xterm";
    }

    /** {@code \n} is {@code \r\n} on a wire: RFC 854, and what terminals of SSH expect. */
    private static final class LineEnds extends OutputStream {
        private final OutputStream out;

        LineEnds(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int octet) throws IOException {
            write(new byte[] {(byte) octet}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            int begin = from;
            for (int i = from; i < from + count; i++) {
                if (bytes[i] == '\n') {
                    out.write(bytes, begin, i - begin);
                    out.write('\r');
                    begin = i;
                }
            }
            out.write(bytes, begin, from + count - begin);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    /** Characters out of the bytes that are typed; what is no UTF-8 is shown as such. */
    private final class Typed extends NonBlockingReader {
        private int low = 0; // the second half of a character beyond the first 65,536
        private int kept = READ_EXPIRED;

        @Override
        protected int read(long timeout, boolean isPeek) {
            int c = kept != READ_EXPIRED ? kept : character(timeout);
            kept = isPeek ? c : READ_EXPIRED;
            return c;
        }

        private int character(long timeout) {
            if (low != 0) {
                int second = low;
                low = 0;
                return second;
            }
            int first = seat.in().next(Duration.ofMillis(Math.max(0, timeout)), false);
            if (first < 0) {
                return first == Keystrokes.END ? EOF : READ_EXPIRED;
            }
            int more = first < 0xc0 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
            if (first < 0x80 || more == 0) {
                return first < 0x80 ? first : 0xfffd;
            }
            int code = first & (0x3f >> more);
            for (int i = 0; i < more; i++) {
                int next = seat.in().next(Duration.ofSeconds(1), true);
                if ((next & 0xc0) != 0x80) {
                    return 0xfffd;
                }
                seat.in().next(Duration.ofSeconds(1), false);
                code = code << 6 | (next & 0x3f);
            }
            if (code >= 0x10000 && code <= 0x10ffff) {
                low = Character.lowSurrogate(code);
                return Character.highSurrogate(code);
            }
            return code > 0x10ffff ? 0xfffd : code;
        }

        @Override
        public int readBuffered(char[] into, int offset, int length, long timeout) {
            if (length == 0) {
                return 0;
            }
            int c = read(timeout, false);
            if (c < 0) {
                return c;
            }
            into[offset] = (char) c;
            return 1;
        }

        @Override
        public int available() {
            return seat.in().available();
        }
    }

    @Override
    public NonBlockingReader reader() {
        return typed;
    }

    @Override
    public PrintWriter writer() {
        return writer;
    }

    @Override
    public InputStream input() {
        return seat.in();
    }

    @Override
    public OutputStream output() {
        return out;
    }

    @Override
    public Attributes getAttributes() {
        return new Attributes(attributes);
    }

    @Override
    public void setAttributes(Attributes changed) {
        attributes = new Attributes(changed);
    }

    @Override
    public Size getSize() {
        return Size.of(window.columns(), window.rows());
    }

    @Override
    public void setSize(Sized size) {
        window.resize(size.getColumns(), size.getRows());
    }

    @Override
    public @Nullable TerminalProvider getProvider() {
        return null;
    }

    @Override
    public @Nullable SystemStream getSystemStream() {
        return null;
    }
}
