package org.portolan.admin;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** A {@link TimeReport} for people and for programs. */
record TimePage(TimeReport report) {
    String forPeople() {
        StringBuilder page = new StringBuilder();
        page.append("Host's clock  ").append(host(report.host())).append('\n');
        page.append("Replies say   ").append(replies(report.replies())).append('\n');
        if (!report.steering().isEmpty()) {
            page.append("Steering      ").append(report.steering()).append('\n');
        }
        page.append(
                "Requests      %d answered, %d too many of one source, %d ignored\n"
                        .formatted(report.answered(), report.limited(), report.ignored()));
        if (!report.upstreams().isEmpty()) {
            page.append('\n').append(upstreams());
        }
        return page.toString();
    }

    private static String host(TimeReport.Host host) {
        if (!host.readable()) {
            return "this system does not say how good it is";
        }
        if (!host.kept()) {
            return "nobody keeps it";
        }
        return "kept by somebody, at most %s off, %s to be corrected, frequency %+.3f ppm%s"
                .formatted(
                        millis(host.maxError()),
                        signed(host.correcting()),
                        host.frequency(),
                        leap(host.leap()));
    }

    private static String replies(TimeReport.Replies replies) {
        if (!replies.believable()) {
            return "that this clock must not be believed (leap 3, stratum 0)";
        }
        return "stratum %d, following %s, delay %s, dispersion %s, precision 2^%d s%s"
                .formatted(
                        replies.stratum(),
                        replies.follows(),
                        millis(replies.rootDelay()),
                        millis(replies.rootDispersion()),
                        replies.precision(),
                        leap(replies.leap()));
    }

    private static String leap(String leap) {
        return leap.isEmpty() ? "" : ", " + leap;
    }

    private Table upstreams() {
        Table table =
                new Table(
                        "UPSTREAM",
                        "USE",
                        "STRATUM",
                        "REACH",
                        "POLL",
                        "OFFSET",
                        "DELAY",
                        "JITTER",
                        "REMARK");
        for (TimeReport.Upstream upstream : report.upstreams()) {
            boolean measured = upstream.measured();
            table.row(
                    upstream.name(),
                    upstream.use(),
                    measured ? upstream.stratum() : "",
                    Integer.toOctalString(upstream.reach()), // as ntpq and chronyc show it
                    upstream.poll().toSeconds() + " s",
                    measured ? signed(upstream.offset()) : "",
                    measured ? millis(upstream.delay()) : "",
                    measured ? millis(upstream.jitter()) : "",
                    upstream.remark());
        }
        return table;
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.3f ms", time.toNanos() / 1e6);
    }

    private static String signed(Duration time) {
        return String.format(Locale.ROOT, "%+.3f ms", time.toNanos() / 1e6);
    }

    String forPrograms() {
        return Json.page(
                Json.entries(
                        "host", object(report.host()),
                        "replies", object(report.replies()),
                        "steering", report.steering(),
                        "answered", report.answered(),
                        "limited", report.limited(),
                        "ignored", report.ignored(),
                        "upstreams", report.upstreams().stream().map(TimePage::object).toList()));
    }

    private static Map<String, Object> object(TimeReport.Host host) {
        return Json.entries(
                "readable", host.readable(),
                "kept", host.kept(),
                "correcting_seconds", seconds(host.correcting()),
                "frequency_ppm", host.frequency(),
                "max_error_seconds", seconds(host.maxError()),
                "leap", host.leap());
    }

    private static Map<String, Object> object(TimeReport.Replies replies) {
        return Json.entries(
                "believable", replies.believable(),
                "stratum", replies.stratum(),
                "follows", replies.follows(),
                "root_delay_seconds", seconds(replies.rootDelay()),
                "root_dispersion_seconds", seconds(replies.rootDispersion()),
                "precision", replies.precision(),
                "leap", replies.leap());
    }

    private static Map<String, Object> object(TimeReport.Upstream upstream) {
        Map<String, Object> object =
                Json.entries(
                        "name", upstream.name(),
                        "use", upstream.use(),
                        "reach", upstream.reach(),
                        "poll_seconds", seconds(upstream.poll()),
                        "remark", upstream.remark());
        if (upstream.measured()) {
            object.put("stratum", upstream.stratum());
            object.put("offset_seconds", seconds(upstream.offset()));
            object.put("delay_seconds", seconds(upstream.delay()));
            object.put("jitter_seconds", seconds(upstream.jitter()));
        }
        return object;
    }

    private static double seconds(Duration time) {
        return time.toNanos() / 1e9;
    }
}
