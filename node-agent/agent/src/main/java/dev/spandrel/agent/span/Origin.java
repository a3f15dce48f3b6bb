package dev.spandrel.agent.span;

import dev.spandrel.agent.event.ExchangeRecord;
import dev.spandrel.agent.event.Role;
import dev.spandrel.agent.protocol.Slice;
import dev.spandrel.agent.protocol.Text;
import dev.spandrel.agent.protocol.http.Authority;
import dev.spandrel.agent.protocol.http.Redaction;
import dev.spandrel.agent.protocol.http.RequestHead;

/** Where a request over HTTP goes: as the client named it, else as the socket knows it. Holds scratch space: one per thread. */
final class Origin {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final AddressTexts addresses;
    private final Authority authority = new Authority();
    private final Text redacted = new Text();
    private final Slice value = new Slice();
    private final Slice text = new Slice();

    Origin(AddressTexts addresses) {
        this.addresses = addresses;
    }

    /** Writes server.address and server.port. Answers the port. */
    int write(ExchangeRecord exchange, RequestHead head, boolean server, SpanSink sink) {
        int addressOffset = server ? exchange.localAddressOffset() : exchange.remoteAddressOffset();
        int socketPort = server ? exchange.localPort() : exchange.remotePort();
        Slice named = head.authority();
        if (named.isEmpty()) {
            head.header("host", value);
            named = value;
        }
        authority.parse(named);
        if (authority.host().isEmpty()) {
            sink.text(Key.SERVER_ADDRESS, addresses.of(exchange.bytes(), addressOffset));
            sink.number(Key.SERVER_PORT, socketPort);
            return socketPort;
        }
        int port = authority.port() == 0 ? defaultPort(exchange) : authority.port();
        sink.text(Key.SERVER_ADDRESS, authority.host());
        sink.number(Key.SERVER_PORT, port);
        return port;
    }

    /** Writes url.full, after {@link #write}, whose port it takes. */
    void url(ExchangeRecord exchange, RequestHead head, int port, SpanSink sink) {
        if (head.path().isEmpty() && head.authority().isEmpty()) {
            return;
        }
        redacted.start().text(exchange.tls() ? "https://" : "http://");
        Slice host = authority.host();
        if (host.isEmpty()) {
            boolean server = exchange.role() != Role.CLIENT;
            int offset = server ? exchange.localAddressOffset() : exchange.remoteAddressOffset();
            redacted.text(addresses.of(exchange.bytes(), offset));
        } else if (host.indexOf(':', 0) >= 0) {
            redacted.text("[").text(host).text("]");
        } else {
            redacted.text(host);
        }
        if (port != defaultPort(exchange)) {
            redacted.text(":").text(Integer.toString(port));
        }
        redacted.text(head.path());
        if (!head.query().isEmpty()) {
            Redaction.query(head.query(), redacted.text("?"));
        }
        sink.text(Key.URL_FULL, redacted.into(text));
    }

    private static int defaultPort(ExchangeRecord exchange) {
        return exchange.tls() ? HTTPS_PORT : HTTP_PORT;
    }
}
