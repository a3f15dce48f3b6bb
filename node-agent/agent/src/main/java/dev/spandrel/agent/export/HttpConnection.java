package dev.spandrel.agent.export;

import io.opentelemetry.exporter.internal.http.HttpSenderConfig;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An open connection to a receiver, with TLS where the endpoint says https. Closing it from another thread ends what the first one does with it. */
record HttpConnection(Socket socket, InputStream in, OutputStream out) {
    static HttpConnection open(URI endpoint, HttpSenderConfig config) throws IOException {
        boolean tls = endpoint.getScheme().equals("https");
        int port = endpoint.getPort() >= 0 ? endpoint.getPort() : tls ? 443 : 80;
        String host = endpoint.getHost().replaceAll("[\\[\\]]", "");
        Socket plain = connect(host, port, Duration.ofNanos(config.getConnectTimeoutNanos()));
        try {
            plain.setTcpNoDelay(true);
            Socket socket = tls ? encrypted(plain, host, port, config) : plain;
            return new HttpConnection(
                    socket,
                    new BufferedInputStream(socket.getInputStream()),
                    new BufferedOutputStream(socket.getOutputStream()));
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static Socket connect(String host, int port, Duration timeout) throws IOException {
        IOException failure = null;
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(address, port), (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
                return socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new IOException(host + " has no address") : failure;
    }

    private static Socket encrypted(Socket plain, String host, int port, HttpSenderConfig config) throws IOException {
        plain.setSoTimeout(
                (int) Duration.ofNanos(config.getConnectTimeoutNanos()).toMillis());
        SSLSocket socket = (SSLSocket) context(config).getSocketFactory().createSocket(plain, host, port, true);
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        plain.setSoTimeout(0);
        return socket;
    }

    private static SSLContext context(HttpSenderConfig config) throws IOException {
        try {
            return config.getSslContext() == null ? SSLContext.getDefault() : config.getSslContext();
        } catch (NoSuchAlgorithmException e) {
            throw new IOException("TLS", e);
        }
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
