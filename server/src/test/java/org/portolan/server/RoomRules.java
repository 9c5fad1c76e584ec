package org.portolan.server;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may use whom, read from compiled classes, where nothing hides behind a {@code var}. */
final class RoomRules {

    private static final String OURS = "org.portolan.";
    private static final String FAMILY = "a family of services";

    /** The map of ARCHITECTURE.md. What is not on it may not be used. */
    private static final Map<String, Set<String>> MAY_USE =
            Map.of(
                    "wire",
                    Set.of(),
                    "kernel",
                    Set.of(),
                    "stores",
                    Set.of(),
                    "auth",
                    Set.of("stores", "wire"),
                    FAMILY,
                    Set.of("auth", "stores", "kernel", "wire"),
                    "admin",
                    Set.of("auth", "stores", "kernel", "wire"),
                    "server",
                    Set.of("admin", FAMILY, "auth", "stores", "kernel", "wire"),
                    "testkit",
                    Set.of("auth", "stores", "kernel", "wire"));

    /** What has to be fuzzed alone: it turns bytes into values and back, and does nothing else. */
    private static final Set<String> PURE_ENDINGS = Set.of("Command", "Message", "Codec", "Packet");

    private static final Set<String> SOCKETS =
            Set.of(
                    "java.net.Socket",
                    "java.net.ServerSocket",
                    "java.net.DatagramSocket",
                    "java.net.MulticastSocket",
                    "java.net.SocketImpl",
                    "java.nio.channels.SocketChannel",
                    "java.nio.channels.ServerSocketChannel",
                    "java.nio.channels.DatagramChannel",
                    "java.nio.channels.AsynchronousSocketChannel",
                    "java.nio.channels.AsynchronousServerSocketChannel",
                    "java.nio.channels.Selector");

    private static final Set<String> THREAD_MAKERS =
            Set.of(
                    "java.lang.Thread$Builder",
                    "java.util.Timer",
                    "java.util.concurrent.Executors",
                    "java.util.concurrent.ForkJoinPool",
                    "java.util.concurrent.ThreadPoolExecutor",
                    "java.util.concurrent.ScheduledThreadPoolExecutor");

    /** Methods that start a thread, or borrow one of the pool that belongs to nobody. */
    private static final Map<String, Set<String>> THREAD_STARTS =
            Map.of(
                    "java.lang.Thread",
                            Set.of("<init>", "ofVirtual", "ofPlatform", "startVirtualThread"),
                    "java.util.concurrent.CompletableFuture", Set.of("supplyAsync", "runAsync"));

    /** The administrator's socket is a file of the data directory, no port. */
    private static final Set<String> MAY_OPEN_SOCKETS = Set.of("kernel", "admin", "testkit");

    private static final Set<String> MAY_NAME_TLS = Set.of("kernel", "testkit");

    /** Stores own the thread that writes and those that read; server stops the process in one. */
    private static final Set<String> MAY_START_THREADS =
            Set.of("kernel", "stores", "admin", "server", "testkit");

    private final Map<String, Source> sourceOfClass = new HashMap<>();
    private final Set<String> families;
    private final List<Finding> findings = new ArrayList<>();

    private RoomRules(List<Source> sources) {
        for (Source source : sources) {
            String name = source.fileName().replace(".java", "");
            sourceOfClass.put(source.packageName() + "." + name, source);
        }
        families =
                sources.stream()
                        .filter(source -> source.module().startsWith("services"))
                        .filter(source -> source.packageName().startsWith(OURS))
                        .map(source -> source.packageName().split("\\.")[2])
                        .collect(Collectors.toSet());
    }

    static List<Finding> check(List<Source> sources, JavaClasses classes) {
        RoomRules rules = new RoomRules(sources);
        for (JavaClass examined : classes) {
            rules.examine(examined);
        }
        return rules.findings;
    }

    private void examine(JavaClass examined) {
        Source source = sourceOfClass.get(outermost(examined).getName());
        if (source == null || source.test() || examined.getSimpleName().equals("package-info")) {
            return;
        }
        String room = room(examined.getPackageName());
        if (!MAY_USE.containsKey(kind(room))) {
            find(
                    source,
                    1,
                    "room '" + room + "' is not on the map",
                    "draw it in ARCHITECTURE.md and give it a line in RoomRules.MAY_USE");
            return;
        }
        for (Dependency dependency : examined.getDirectDependenciesFromSelf()) {
            dependency(source, room, examined, dependency);
        }
        for (JavaAccess<?> access : examined.getAccessesFromSelf()) {
            String owner = access.getTargetOwner().getName();
            if (THREAD_STARTS.getOrDefault(owner, Set.of()).contains(access.getName())) {
                threads(source, room, owner, access.getLineNumber());
            }
        }
    }

    private void dependency(Source source, String room, JavaClass origin, Dependency dependency) {
        JavaClass target = dependency.getTargetClass().getBaseComponentType();
        int line = dependency.getSourceCodeLocation().getLineNumber();
        String name = target.getName();
        if (target.getPackageName().startsWith(OURS)) {
            String used = room(target.getPackageName());
            if (!used.equals(room) && !MAY_USE.get(kind(room)).contains(kind(used))) {
                find(
                        source,
                        line(source, line, target),
                        room + " uses " + name + " of " + used,
                        "declare in "
                                + room
                                + " the interface it needs, and let server bind it;"
                                + " or move what is shared to a lower room");
            }
            if (isPure(origin) && (used.equals("kernel") || used.equals("stores"))) {
                find(
                        source,
                        line(source, line, target),
                        "a grammar uses " + name + " of " + used,
                        "keep bytes <-> values pure, so that it can be fuzzed alone: let the"
                                + " session turn the value into the call");
            }
        }
        if (SOCKETS.contains(name) && !MAY_OPEN_SOCKETS.contains(room)) {
            find(
                    source,
                    line(source, line, target),
                    "sockets outside the kernel: " + name,
                    "take a Connection, or ask Ports for a second socket");
        }
        if (target.getPackageName().startsWith("javax.net") && !MAY_NAME_TLS.contains(room)) {
            find(
                    source,
                    line(source, line, target),
                    "TLS outside the kernel: " + name,
                    "call startTls() and tls() of the Connection");
        }
        if (THREAD_MAKERS.contains(name)) {
            threads(source, room, name, line(source, line, target));
        }
    }

    private void threads(Source source, String room, String name, long line) {
        if (!MAY_START_THREADS.contains(room)) {
            find(
                    source,
                    line,
                    "threads outside the kernel: " + name,
                    "a conversation has its own thread already; for a second one ask the kernel");
        }
    }

    private boolean isPure(JavaClass type) {
        boolean protocol = families.contains(room(type.getPackageName()));
        String name = outermost(type).getSimpleName();
        return protocol
                && (PURE_ENDINGS.stream().anyMatch(name::endsWith)
                        || type.getPackageName().endsWith(".message"));
    }

    private static String room(String packageName) {
        String[] parts = packageName.split("\\.");
        return parts.length > 2 ? parts[2] : "";
    }

    private String kind(String room) {
        return families.contains(room) ? FAMILY : room;
    }

    private static JavaClass outermost(JavaClass type) {
        JavaClass outer = type.getBaseComponentType();
        while (outer.getEnclosingClass().isPresent()) {
            outer = outer.getEnclosingClass().get();
        }
        return outer;
    }

    /** Bytecode tells no line for a field, a parameter or a supertype: then the text does. */
    private static long line(Source source, int told, JavaClass target) {
        return told > 0 ? told : source.lineNaming(outermost(target).getSimpleName());
    }

    private void find(Source source, long line, String what, String remedy) {
        Finding finding = new Finding(source.file(), line, what, remedy);
        if (!findings.contains(finding)) {
            findings.add(finding);
        }
    }

    /** Main classes that have a source but were not among the compiled ones. */
    static List<String> unseen(List<Source> sources, JavaClasses classes, Set<String> modules) {
        return sources.stream()
                .filter(source -> !source.test() && modules.contains(source.module()))
                .filter(source -> !source.fileName().equals("package-info.java"))
                .map(source -> source.packageName() + "." + source.fileName().replace(".java", ""))
                .filter(name -> !classes.contain(name))
                .toList();
    }
}
