package dev.spandrel.probe.live;

/** Work for tools that look at the whole machine: what each does is told from all else by a number that it says, or by its process. */
final class MachineLoads {
    /** On one CPU, for as long as 99 Hz see it 100 times or so. */
    static final String ONE_CPU = """
            os.sched_setaffinity(0, {1})
            end = time.thread_time() + 1
            while time.thread_time() < end: pass
            os.sched_setaffinity(0, {0, 1})
            """;
    /** Long enough for a report of seconds with new processes and one of a second without. */
    static final String FORKS = """
            for i in range(12):
                child = os.fork()
                if not child: os._exit(0)
                os.waitpid(child, 0)
                time.sleep(0.02)
            time.sleep(2.1)
            """;
    /** Sleeps, and so is woken. */
    static final String SLEEPS = """
            for i in range(300): time.sleep(0.0005)
            """;
    /** A connection over an interface of its own; its route goes away, and what is sent then is dropped. */
    static final String NETWORK = """
            libc = ctypes.CDLL(None)
            assert libc.unshare(0x40000000) == 0
            import subprocess
            subprocess.check_call(["ip", "link", "set", "lo", "up"])
            print("a network of its own", flush=True)
            """;

    static final String DROPS = """
            listening = socket.create_server(("127.0.0.1", 7001))
            client = socket.create_connection(("127.0.0.1", 7001))
            server = listening.accept()[0]
            subprocess.check_call(["ip", "link", "set", "lo", "down"])
            for i in range(3):
                try: client.send(b"x")
                except OSError: pass
            """;
    /** A file system of its own, in a mount namespace of its own; says its number as the kernel writes it. */
    static final String DISK = """
            import subprocess, tempfile
            libc = ctypes.CDLL(None)
            assert libc.unshare(0x00020000) == 0
            subprocess.check_call(["mount", "--make-rprivate", "/"])
            folder = tempfile.mkdtemp()
            image = folder + "/image"
            with open(image, "wb") as file: file.truncate(32 << 20)
            subprocess.check_call(["mkfs.ext4", "-q", image])
            os.mkdir(folder + "/disk")
            subprocess.check_call(["mount", "-o", "loop", image, folder + "/disk"])
            device = os.stat(folder + "/disk").st_dev
            print((os.major(device) << 20) | os.minor(device), flush=True)
            """;

    static final String SYNC = """
            with open(folder + "/disk/file", "wb") as file:
                for i in range(4):
                    file.write(b"x" * 100000)
                    file.flush()
                    assert libc.syncfs(file.fileno()) == 0
            subprocess.check_call(["umount", folder + "/disk"])
            os.unlink(image), os.rmdir(folder + "/disk"), os.rmdir(folder)
            """;
    /** A person at a terminal: bash with readline, its commands typed. */
    static final String TERMINAL = """
            import pty
            shell, terminal = pty.fork()
            if not shell: os.execv("/bin/bash", ["bash", "--norc", "--noprofile", "-i"])
            def until(text):
                seen = b""
                while not seen.endswith(text): seen += os.read(terminal, 100)
            os.write(terminal, b"PS1='MORE '; bind 'set enable-bracketed-paste off'\\n")
            until(b"MORE ")
            print(shell, flush=True)
            """;

    static final String TYPES = """
            for line in (b"true", b"echo two words", b": %d 'quoted'"):
                os.write(terminal, line + b"\\n")
                until(b"MORE ")
            os.write(terminal, b"exit\\n")
            os.waitpid(shell, 0)
            """;
    /** TLS with itself by the functions that the tools name. */
    static final String TLS = """
            import subprocess, tempfile
            ssl, crypto = ctypes.CDLL("libssl.so.3"), ctypes.CDLL("libcrypto.so.3")
            def pointer(library, name, *arguments):
                function = getattr(library, name)
                function.restype = ctypes.c_void_p
                return ctypes.c_void_p(function(*arguments))
            with tempfile.TemporaryDirectory() as folder:
                subprocess.check_call(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=here",
                    "-keyout", folder + "/key", "-out", folder + "/certificate"], stderr=subprocess.DEVNULL)
                context = pointer(ssl, "SSL_CTX_new", pointer(ssl, "TLS_method"))
                assert ssl.SSL_CTX_use_certificate_file(context, (folder + "/certificate").encode(), 1) == 1
                assert ssl.SSL_CTX_use_PrivateKey_file(context, (folder + "/key").encode(), 1) == 1
            VERSION, SIGNATURES = 124, 98
            ssl.SSL_CTX_ctrl(context, VERSION, ctypes.c_long(0x0303), None)
            assert ssl.SSL_CTX_ctrl(context, SIGNATURES, ctypes.c_long(0), b"RSA+SHA256") == 1
            print("two ends", flush=True)
            """;

    static final String TALKS = """
            ends = [pointer(ssl, "SSL_new", context) for i in range(2)]
            pair = [ctypes.c_void_p(), ctypes.c_void_p()]
            assert crypto.BIO_new_bio_pair(ctypes.byref(pair[0]), ctypes.c_size_t(0), ctypes.byref(pair[1]), ctypes.c_size_t(0)) == 1
            for end, bio in zip(ends, pair): ssl.SSL_set_bio(end, bio, bio)
            ssl.SSL_set_connect_state(ends[0]), ssl.SSL_set_accept_state(ends[1])
            for i in range(5): [ssl.SSL_do_handshake(end) for end in ends]
            for i in range(1, 6):
                assert ssl.SSL_write(ends[0], b"x" * i, i) == i
                assert ssl.SSL_read(ends[1], ctypes.create_string_buffer(100), 100) == i
            ssl.SSL_read(ends[1], ctypes.create_string_buffer(100), 100)
            """;

    private MachineLoads() {}
}
