package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.UprobePlace;
import java.nio.file.Path;

/** One probe: which program, at which byte of the file, with which cookie. */
record Spot(String program, long offset, long cookie, boolean atReturn) {
    static final String ENTER = "sp_tls_enter";
    static final String LEAVE = "sp_tls_leave";
    static final String FREE = "sp_tls_free";
    static final String OPENSSL_READ = "sp_openssl_read";
    static final String OPENSSL_WRITE = "sp_openssl_write";
    static final String GO_READ = "sp_go_read";
    static final String GO_WRITE = "sp_go_write";
    static final String GO_HAND_OVER = "sp_go_hand_over";
    static final String RUSTLS_READ = "sp_rustls_read";
    static final String RUSTLS_WRITE = "sp_rustls_write";

    /** {@code enum sp_tls_cookie}. */
    static final int SENDS = 1;

    static final int BY_POINTER = 2;
    static final int LONG = 4;
    static final int BATCH = 8;

    UprobePlace in(Path file) {
        return new UprobePlace(file, offset, cookie, atReturn);
    }
}
