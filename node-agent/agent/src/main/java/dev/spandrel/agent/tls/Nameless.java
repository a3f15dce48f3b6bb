package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.elf.ElfFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** TLS that was linked into a file whose symbols were then stripped: told by the names of its sources, which its messages keep. */
final class Nameless {
    private static final String CONSTANTS = ".rodata";
    private static final String REASON = "it is linked in, and the names of its functions were stripped";
    /** OpenSSL's, and BoringSSL's ssl_lib.cc. */
    private static final byte[] OPENSSL = bytes("ssl/ssl_lib.c");

    private static final byte[] RUSTLS = bytes("/rustls-0.");

    private Nameless() {}

    static Found in(ElfFile file) {
        var constants = file.section(CONSTANTS).map(file::content).orElse(ByteBuffer.allocate(0));
        if (holds(constants, OPENSSL)) return new Found.Refused("openssl", Cause.STRIPPED, REASON);
        if (holds(constants, RUSTLS)) return new Found.Refused("rustls", Cause.STRIPPED, REASON);
        return new Found.Nothing();
    }

    private static boolean holds(ByteBuffer constants, byte[] wanted) {
        for (int at = 0; at + wanted.length <= constants.limit(); at++)
            if (constants.get(at) == wanted[0] && isAt(constants, at, wanted)) return true;
        return false;
    }

    private static boolean isAt(ByteBuffer constants, int at, byte[] wanted) {
        for (int i = 1; i < wanted.length; i++) if (constants.get(at + i) != wanted[i]) return false;
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
