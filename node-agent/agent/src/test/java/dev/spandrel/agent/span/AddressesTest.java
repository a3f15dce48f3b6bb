package dev.spandrel.agent.span;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"2001:db8::1", "::", "::1", "fe80::1:0:0:1", "2001:db8:1:2:3:4:5:6", "1::"})
    void v6(String text) {
        assertThat(Addresses.text(InetAddress.ofLiteral(text).getAddress(), 0)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.255.255.255", "0.0.0.0"})
    void mappedV4(String text) {
        byte[] bytes = new byte[17];
        bytes[11] = -1;
        bytes[12] = -1;
        System.arraycopy(InetAddress.ofLiteral(text).getAddress(), 0, bytes, 13, 4);
        assertThat(Addresses.text(bytes, 1)).isEqualTo(text);
    }
}
