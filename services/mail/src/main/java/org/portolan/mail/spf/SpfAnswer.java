package org.portolan.mail.spf;

/**
 * How a check ended.
 *
 * @param result the result
 * @param domain whose record was asked
 * @param why the mechanism that matched, or what is wrong; empty if nothing is to be said
 * @param explanation what the domain's owner says to who fails; empty if nothing
 */
public record SpfAnswer(SpfResult result, String domain, String why, String explanation) {}
