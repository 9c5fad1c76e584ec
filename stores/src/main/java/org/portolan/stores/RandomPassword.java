package org.portolan.stores;

import java.security.SecureRandom;

/** Passwords that nobody thought up. */
public final class RandomPassword {
    /** Thirty-two that are told apart in print and need no shift key. */
    static final String ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789";

    private static final int GROUPS = 5;

    private RandomPassword() {}

    /** A new one with 125 random bits, such as {@code 7hk2m-…}. */
    public static String fresh() {
        return inGroups(5);
    }

    /** Five groups of so many characters, each of five random bits. */
    static String inGroups(int ofCharacters) {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * ofCharacters; i++) {
            if (i > 0 && i % ofCharacters == 0) {
                password.append('-');
            }
            password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return password.toString();
    }
}
