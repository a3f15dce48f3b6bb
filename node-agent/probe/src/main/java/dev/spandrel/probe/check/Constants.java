package dev.spandrel.probe.check;

import java.util.Map;
import java.util.OptionalLong;

/** What the kernel's headers define as macros, which BTF does not know: those that scripts use. */
final class Constants {
    private static final Map<String, Long> MACROS = Map.ofEntries(
            Map.entry("AF_UNSPEC", 0L),
            Map.entry("AF_UNIX", 1L),
            Map.entry("AF_INET", 2L),
            Map.entry("AF_INET6", 10L),
            Map.entry("AF_NETLINK", 16L),
            Map.entry("AF_PACKET", 17L),
            Map.entry("AF_VSOCK", 40L),
            Map.entry("TASK_RUNNING", 0L),
            Map.entry("TASK_INTERRUPTIBLE", 1L),
            Map.entry("TASK_UNINTERRUPTIBLE", 2L),
            Map.entry("O_RDONLY", 0L),
            Map.entry("O_WRONLY", 1L),
            Map.entry("O_RDWR", 2L),
            Map.entry("O_CREAT", 0x40L),
            Map.entry("EPERM", 1L),
            Map.entry("ENOENT", 2L),
            Map.entry("EINTR", 4L),
            Map.entry("EAGAIN", 11L),
            Map.entry("EACCES", 13L),
            Map.entry("true", 1L),
            Map.entry("false", 0L),
            Map.entry("NULL", 0L));

    private Constants() {}

    static OptionalLong of(String name) {
        var value = MACROS.get(name);
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
