package dev.spandrel.ebpf.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PassageTest {
    /** push %r12; push %rbx; sub $0x28,%rsp; mov %rdi,0x18(%rsp); mov %esi,0x4(%rsp); mov %r9d,(%rsp); mov %rcx,%r12 */
    private static final String KEEPS = "4154 53 4883ec28 48897c2418 89742404 44890c24 4989cc";
    /** call; mov %r12,%rdi; mov %rax,%rbx; call; add %rbx,%r12; test %eax,%eax; jne to the first call */
    private static final String COPIES = "e800000000 4c89e7 4889c3 e800000000 4901dc 85c0 75e9";
    /** add $0x28,%rsp; pop %rbx; pop %r12; ret */
    private static final String RETURNS = "4883c428 5b 415c c3";

    @Test
    void aBufferThatIsFilledInALoopIsFollowedAndSoAreArgumentsInTheFrame() {
        assertThat(find(KEEPS + COPIES + RETURNS)).contains(new Passage(34, List.of(0x18, 4, 0)));
    }

    @Test
    void anArgumentThatIsOverwrittenIsNotThereAnyMore() {
        // movl $0,0x4(%rsp)
        assertThat(find(KEEPS + "c744240400000000" + COPIES + RETURNS)).isEmpty();
        // behind the copy, which the loop comes back to: test %eax,%eax; movl $0,0x4(%rsp); jne to the first call
        assertThat(find(KEEPS + "e800000000 4c89e7 4889c3 e800000000 4901dc 85c0 c744240400000000 75e1" + RETURNS))
                .isEmpty();
        // mov %eax,0x8(%rsp) is beside it
        assertThat(find(KEEPS + "89442408" + COPIES + RETURNS)).contains(new Passage(38, List.of(0x18, 4, 0)));
    }

    @Test
    void theStackPointerIsFollowedThroughPushesOfACall() {
        // push 0x10(%rdi); call; pop %rax
        assertThat(find(KEEPS + "ff7710 e800000000 58" + COPIES + RETURNS))
                .contains(new Passage(43, List.of(0x18, 4, 0)));
        // and $-16,%rsp: it cannot be told
        assertThat(find(KEEPS + "4883e4f0" + COPIES + RETURNS)).isEmpty();
        // push %rax on one of two ways: test %eax,%eax; jne +1; push %rax
        assertThat(find(KEEPS + "85c0 7501 50" + COPIES + RETURNS)).isEmpty();
    }

    @Test
    void moreThanOneCopyOrAJumpByATableIsNoPlace() {
        assertThat(find(KEEPS + "4c89e7 e800000000" + COPIES + RETURNS)).isEmpty();
        // jmp *%rax
        assertThat(find(KEEPS + "85c0 7502 ffe0" + COPIES + RETURNS)).isEmpty();
        // what is copied to is another argument: mov %r8,%r12
        assertThat(find(KEEPS + "4d89c4" + COPIES + RETURNS)).isEmpty();
    }

    private static Optional<Passage> find(String hex) {
        return Passage.of(HexFormat.of().parseHex(hex.replace(" ", "")), 3, 0, 1, 5);
    }
}
