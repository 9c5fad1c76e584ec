package org.portolan.kernel;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.portolan.kernel.Door.DatagramDoor;
import org.portolan.kernel.Door.LocalDoor;
import org.portolan.kernel.Door.PortDoor;
import org.portolan.kernel.Door.StreamDoor;
import org.portolan.kernel.Kernel.Opened;

/** Every door that is open. One thread at a time opens and closes. */
final class Doors {
    private final Kernel kernel;
    private final List<OpenDoor> open = new ArrayList<>();

    Doors(Kernel kernel) {
        this.kernel = kernel;
    }

    /** Makes those of {@code services} the ones that are open; what stays is not interrupted. */
    List<Opened> open(List<? extends Service> services) throws IOException {
        List<OpenDoor> before = new ArrayList<>();
        for (OpenDoor door : open) {
            if (services.stream().anyMatch(service -> isDoorOf(service, door))) {
                before.add(door);
            } else { // first of all: a new door may want its port at another address
                door.close();
            }
        }
        open.clear();
        List<Opened> result = new ArrayList<>();
        for (Service service : services) {
            for (Door door : service.doors()) {
                switch (door) {
                    case PortDoor port -> open(service, port, before, result);
                    case LocalDoor local -> open(service, local, before);
                }
            }
        }
        return result;
    }

    private boolean isDoorOf(Service service, OpenDoor open) {
        for (Door door : service.doors()) {
            for (SocketAddress at : addressesFor(door)) {
                if (open.is(service, door, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private List<? extends SocketAddress> addressesFor(Door door) {
        return switch (door) {
            case PortDoor port -> addressesFor(port);
            case LocalDoor local -> List.of(UnixDomainSocketAddress.of(local.path()));
        };
    }

    /** Where {@code door} is to be, as the settings say; unresolved where no such port exists. */
    private List<InetSocketAddress> addressesFor(PortDoor door) {
        KernelSettings settings = kernel.settings();
        int number = settings.portFor(door.port());
        return settings.addresses().stream()
                .filter(address -> !coveredByAll(address, settings))
                .map(
                        address ->
                                number > 65535
                                        ? InetSocketAddress.createUnresolved("port " + number, 0)
                                        : new InetSocketAddress(address, number))
                .toList();
    }

    /** Who listens on {@code ::} has all IPv4 addresses with it, and nobody else can. */
    private static boolean coveredByAll(InetAddress address, KernelSettings settings) {
        return address instanceof Inet4Address
                && settings.addresses().stream()
                        .anyMatch(a -> a instanceof Inet6Address && a.isAnyLocalAddress());
    }

    private void open(Service service, PortDoor door, List<OpenDoor> before, List<Opened> result) {
        for (InetSocketAddress wanted : addressesFor(door)) {
            try {
                OpenDoor opened = keepOrOpen(service, door, wanted, before);
                open.add(opened);
                result.add(new Opened(service, door, opened.at(), Optional.empty()));
            } catch (IOException e) {
                result.add(new Opened(service, door, wanted, Optional.of(why(door, wanted, e))));
            }
        }
    }

    private OpenDoor keepOrOpen(
            Service service, PortDoor door, InetSocketAddress wanted, List<OpenDoor> before)
            throws IOException {
        for (OpenDoor old : before) {
            if (old.is(service, door, wanted)) {
                old.answerWith(service, door);
                return old;
            }
        }
        return switch (door) {
            case StreamDoor stream -> new Listener(kernel, service, stream, wanted);
            case DatagramDoor datagrams -> new DatagramListener(kernel, service, datagrams, wanted);
        };
    }

    private static String why(PortDoor door, InetSocketAddress wanted, IOException e) {
        if (wanted.isUnresolved()) {
            return "there is no " + wanted.getHostString() + "; choose a smaller port_offset";
        }
        String said = String.valueOf(e.getMessage());
        if (said.contains("Permission denied")) {
            return "ports below 1024 need root, of which ./portolan serve keeps only that";
        }
        if (said.contains("Cannot assign requested address")) {
            return "this machine has no such address";
        }
        if (!(e instanceof BindException)) {
            return said;
        }
        return PortHolder.of(door.transport(), wanted)
                .map(holder -> "taken by " + holder)
                .orElse("taken by another process");
    }

    private void open(Service service, LocalDoor door, List<OpenDoor> before) throws IOException {
        for (OpenDoor old : before) {
            if (old.is(service, door, UnixDomainSocketAddress.of(door.path()))) {
                old.answerWith(service, door);
                open.add(old);
                return;
            }
        }
        Files.deleteIfExists(door.path()); // the site's lock says that nobody else is behind it
        open.add(new Listener(kernel, service, door));
        Files.setPosixFilePermissions(door.path(), PosixFilePermissions.fromString("rw-------"));
    }

    void close() {
        open.forEach(OpenDoor::close);
        open.clear();
    }
}
