package dev.spandrel.probe.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "192.0.2.255",
                "::",
                "::1",
                "1::",
                "2001:db8::7:0",
                "1:2:3:4:5:6:7:8",
                "fe80::1:2.3.4.5"
            })
    void areAsTheLibraryHasThem(String text) throws UnknownHostException {
        assertThat(Addresses.parse(text)).hasValue(InetAddress.getByName(text).getAddress());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "1.2.3",
                "1.2.3.256",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7::8",
                "g::1",
                "12345::"
            })
    void areNone(String text) {
        assertThat(Addresses.parse(text)).isEmpty();
    }
}
