package dev.spandrel.ebpf.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As compilers write {@code self.encrypter.encrypt(message, sequence)}. */
class TableCallTest {
    /** push %rbx; sub $0x40,%rsp; mov %rdi,%rbx */
    private static final String KEEPS = "53 4883ec40 4889fb";
    /** add $0x40,%rsp; pop %rbx; ret */
    private static final String RETURNS = "4883c440 5b c3";

    @Test
    void theObjectIsBehindTheArgumentThatItsTableIsBehind() {
        // mov 0x10(%rbx),%rsi; mov 0x18(%rbx),%rax; lea 0x8(%rsp),%rdi; call *0x18(%rax)
        assertThat(fields(KEEPS + "488b7310 488b4318 488d7c2408 ff5018" + RETURNS, 0))
                .containsExactly(0x10);
        // mov 0x10(%rsi),%rax; mov 0x18(%rsi),%r8; mov %rsp,%rdi; mov %rax,%rsi; call *0x18(%r8)
        assertThat(fields(KEEPS + "488b4610 4c8b4618 4889e7 4889c6 41ff5018" + RETURNS, 1))
                .containsExactly(0x10);
    }

    @Test
    void otherCallsHaveNone() {
        // call *0x100(%rip): of another library
        assertThat(fields(KEEPS + "488b7310 ff1500010000" + RETURNS, 0)).isEmpty();
        // mov 0x28(%rbx),%rsi; mov 0x18(%rbx),%rax; call *0x18(%rax): no pair
        assertThat(fields(KEEPS + "488b7328 488b4318 ff5018" + RETURNS, 0)).isEmpty();
        // mov 0x10(%rcx),%rsi; mov 0x18(%rcx),%rax; call *0x18(%rax): of another argument
        assertThat(fields(KEEPS + "488b7110 488b4118 ff5018" + RETURNS, 0)).isEmpty();
    }

    private static List<Integer> fields(String hex, int argument) {
        return TableCall.fields(HexFormat.of().parseHex(hex.replace(" ", "")), argument);
    }
}
