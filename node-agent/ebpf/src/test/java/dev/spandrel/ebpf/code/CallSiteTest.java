package dev.spandrel.ebpf.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The shape of a function(object, type, buffer, length) that sends what is pending or makes records of a buffer. */
class CallSiteTest {
    /** push %rbx; push %rbp; sub $0x48,%rsp; mov %rdi,%rbx; mov %esi,%ebp; mov %rdx,(%rsp) */
    private static final String KEEPS = "53 55 4883ec48 4889fb 89f5 48891424";
    /** mov (%rsp),%rax; mov 0x10(%rbx),%rcx; mov %ebp,%esi; mov %rbx,%rdi; lea 0x8(%rsp),%r8; lea (%rax,%r9,1),%rdx; call */
    private static final String PENDING = "488b0424 488b4b10 89ee 4889df 4c8d442408 4a8d1408 e800000000";
    /** lea 0x20(%rsp),%rax; mov %rax,%rcx; mov (%rsp),%rdx; mov %ebp,%esi; mov %rbx,%rdi; call */
    private static final String RECORD = "488d442420 4889c1 488b1424 89ee 4889df e800000000";
    /** add $0x48,%rsp; pop %rbp; pop %rbx; ret */
    private static final String RETURNS = "4883c448 5d 5b c3";

    @Test
    void argumentsAreToldFromFieldsAndFromAddressesInTheFrame() {
        var sites = sites(KEEPS + PENDING + RECORD + RETURNS);
        assertThat(sites).hasSize(2).allSatisfy(site -> {
            assertThat(site.hands(0, 0)).isTrue();
            assertThat(site.hands(1, 1)).isTrue();
            assertThat(site.leadsTo(2, 2)).isTrue();
        });
        assertThat(sites.getFirst().isField(3)).isTrue();
        assertThat(sites.getFirst().isInFrame(3)).isFalse();
        assertThat(sites.getFirst().isInFrame(4)).isTrue();
        assertThat(sites.getLast().isField(3)).isFalse();
        assertThat(sites.getLast().isInFrame(3)).isTrue();
        assertThat(sites.getLast().hands(2, 2)).isTrue();
    }

    @Test
    void aLoadToAVectorRegisterLeavesTheFrameAndAStoreOfOneDoesNot() {
        // movhps 0x8(%rsp),%xmm0
        assertThat(sites(KEEPS + "0f16442408" + RECORD + RETURNS).getFirst().leadsTo(2, 2))
                .isTrue();
        // movaps %xmm0,(%rsp)
        assertThat(sites(KEEPS + "0f290424" + RECORD + RETURNS).getFirst().leadsTo(2, 2))
                .isFalse();
    }

    @Test
    void codeThatCannotBeFollowedHasNone() {
        // jmp *%rax
        assertThat(sites(KEEPS + "85c0 7502 ffe0" + RECORD + RETURNS)).isEmpty();
    }

    private static List<CallSite> sites(String hex) {
        return CallSite.in(HexFormat.of().parseHex(hex.replace(" ", "")));
    }
}
