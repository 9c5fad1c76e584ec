package org.portolan.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CursorTest {
    @Test
    void whatIsThereIsTaken() {
        Cursor cursor = new Cursor("FROM:<ada>");
        assertThat(cursor.takeIgnoringCase("from:")).isTrue();
        assertThat(cursor.take('<')).isTrue();
        assertThat(cursor.takeAll(c -> c >= 'a' && c <= 'z')).isEqualTo("ada");
        assertThat(cursor.peek()).isEqualTo('>');
        assertThat(cursor.take('>')).isTrue();
        assertThat(cursor.atEnd()).isTrue();
    }

    @Test
    void whatIsNotThereMovesNothing() {
        Cursor cursor = new Cursor("abc");
        assertThat(cursor.take('b')).isFalse();
        assertThat(cursor.takeIgnoringCase("abcd")).isFalse();
        assertThat(cursor.takeAll(c -> c == 'x')).isNull();
        assertThat(cursor.rest()).isEqualTo("abc");
    }

    @Test
    void theEndIsTheEnd() {
        Cursor cursor = new Cursor("");
        assertThat(cursor.atEnd()).isTrue();
        assertThat(cursor.peek()).isEqualTo('\0');
        assertThat(cursor.take('\0')).isFalse(); // the NUL of peek is not in the text
        assertThat(cursor.takeIgnoringCase("")).isTrue();
        assertThat(cursor.takeAll(c -> true)).isNull();
        assertThat(cursor.rest()).isEmpty();
    }

    @Test
    void aMarkCanBeGoneBackTo() {
        Cursor cursor = new Cursor("one,two");
        int start = cursor.mark();
        cursor.takeAll(c -> c != ',');
        assertThat(cursor.since(start)).isEqualTo("one");
        cursor.back(start);
        assertThat(cursor.rest()).isEqualTo("one,two");
        assertThat(cursor.rest()).isEmpty();
    }

    @Test
    void onlyLettersOfAsciiHaveACase() {
        assertThat(new Cursor("SIZE").takeIgnoringCase("ſize")).isFalse();
        assertThat(new Cursor("ſize").takeIgnoringCase("SIZE")).isFalse();
        assertThat(new Cursor("maıl").takeIgnoringCase("MAIL")).isFalse();
        assertThat(new Cursor("\u212a").takeIgnoringCase("k")).isFalse();
    }
}
