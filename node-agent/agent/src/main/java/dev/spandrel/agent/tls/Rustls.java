package dev.spandrel.agent.tls;

import dev.spandrel.ebpf.code.CallSite;
import dev.spandrel.ebpf.code.TableCall;
import dev.spandrel.ebpf.elf.ElfFile;
import dev.spandrel.ebpf.elf.ElfFunction;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** rustls 0.23 in files that kept their symbols. Names are mangled in one of two ways, and end with what differs by build: the parts that count are in both. */
final class Rustls {
    private static final String STATE = "11CommonState";
    private static final String RECEIVED = "23take_received_plaintext";
    private static final String SENT = "16buffer_plaintext";
    private static final String ENCRYPTED = "20send_appdata_encrypt";
    /** Of the record layer, which the state begins with. */
    private static final String RECORD = "11RecordLayer16encrypt_outgoing";

    private Rustls() {}

    static boolean isOne(String name) {
        return name.contains("6rustls")
                && (name.contains(STATE) && Stream.of(RECEIVED, SENT, ENCRYPTED).anyMatch(name::contains)
                        || name.contains(RECORD));
    }

    static Found in(ElfFile file, Map<String, ElfFunction> functions) {
        var received = named(file, functions, RECEIVED);
        var sent = named(file, functions, SENT);
        if (received.isEmpty() && sent.isEmpty()) return new Found.Nothing();
        if (received.isEmpty() || sent.isEmpty())
            return refused("one of the functions that plaintext passes through is inlined");
        var encrypter = encrypterAt(file, functions);
        if (encrypter.isEmpty()) return refused("where a connection keeps its encrypter cannot be told");
        long cookie = (long) encrypter.getAsInt() << 40;
        var spots = new ArrayList<Spot>();
        spots.addAll(received.get().entry(Spot.RUSTLS_READ, 2, cookie));
        spots.addAll(sent.get().call(Spot.RUSTLS_WRITE, 2, cookie | Spot.LONG | Spot.SENDS));
        return new Found.Library("rustls", spots);
    }

    private static Found refused(String reason) {
        return new Found.Refused("rustls", Cause.CODE, reason);
    }

    /** How far behind a connection's state the address of what encrypts for it is: what it is known by, as the state itself moves. */
    private static OptionalInt encrypterAt(ElfFile file, Map<String, ElfFunction> functions) {
        var senders = Stream.of(SENT, ENCRYPTED)
                .flatMap(part -> named(file, functions, part).stream())
                .toList();
        var inside = senders.stream().flatMap(sender -> TableCall.fields(sender.code(), 0).stream());
        var below = named(file, functions, RECORD)
                .filter(record -> senders.stream().anyMatch(sender -> calls(sender, record)))
                .stream()
                .flatMap(record -> TableCall.fields(record.code(), 1).stream());
        var places = Stream.concat(inside, below).distinct().toList();
        return places.size() == 1 ? OptionalInt.of(places.getFirst()) : OptionalInt.empty();
    }

    /** With the state where it takes the record layer; before both, it says where its result goes. */
    private static boolean calls(Routine sender, Routine record) {
        long to = record.function().address() - sender.function().address();
        return CallSite.in(sender.code()).stream().anyMatch(site -> site.target() == to && site.hands(1, 0));
    }

    private static Optional<Routine> named(ElfFile file, Map<String, ElfFunction> functions, String part) {
        return functions.entrySet().stream()
                .filter(function ->
                        isOne(function.getKey()) && function.getKey().contains(part))
                .map(function -> Routine.of(file, function.getValue()))
                .findFirst();
    }
}
