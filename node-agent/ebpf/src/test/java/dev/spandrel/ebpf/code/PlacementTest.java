package dev.spandrel.ebpf.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
    @Test
    void aPushIsTakenWhereItStands() {
        assertThat(Placement.of(code("55 4889e5 c3"), Abi.SYSTEM_V)).isEqualTo(new Placement(0, 0, true));
        assertThat(Placement.of(code("f30f1efa 4157 c3"), Abi.SYSTEM_V)).isEqualTo(new Placement(4, 0, true));
    }

    @Test
    void theStackIsFollowed() {
        // sub $0x18,%rsp; xor %eax,%eax; test %edx,%edx; js
        assertThat(Placement.of(code("4883ec18 31c0 85d2 7801 c3"), Abi.SYSTEM_V))
                .isEqualTo(new Placement(8, 24, true));
        assertThat(Placement.ofReturn(code("4883ec18 31c0 85d2 7801 c3"))).isEqualTo(new Placement(0, 0, false));
    }

    @Test
    void aLostArgumentLeavesTheEntryUnlessItIsNotAskedFor() {
        // mov %rdx,%rcx; je
        assertThat(Placement.of(code("4889d1 7401 c3"), Abi.SYSTEM_V).emulated())
                .isFalse();
        assertThat(Placement.of(code("4889d1 7401 c3"), Abi.SYSTEM_V, 3)).isEqualTo(new Placement(3, 0, true));
        // The second byte of %rcx, by its old name: mov $1,%ch
        assertThat(Placement.of(code("b501 7401 c3"), Abi.SYSTEM_V).emulated()).isFalse();
    }

    @Test
    void aLoopBackIntoTheProloguePassesThePlaceAgain() {
        // xor %eax,%eax; test %edi,%edi; je +2; jmp to the test
        assertThat(Placement.of(code("31c0 85ff 7402 ebfa c3"), Abi.SYSTEM_V).emulated())
                .isFalse();
        // the same, but back to the first byte, where the entry would be passed too
        assertThat(Placement.of(code("31c0 85ff 7402 ebf8 c3"), Abi.SYSTEM_V).offset())
                .isEqualTo(4);
        // jmp *%rax: a table may lead anywhere
        assertThat(Placement.of(code("31c0 85ff 7402 ffe0 c3"), Abi.SYSTEM_V).emulated())
                .isFalse();
    }

    @Test
    void theGoArgumentsAndTheGoroutineStay() {
        // cmp 0x10(%r14),%rsp; jbe
        assertThat(Placement.of(code("493b6610 7601 c3"), Abi.GO)).isEqualTo(new Placement(4, 0, true));
    }

    @Test
    void aGoFunctionThatBeginsOnceMoreIsCountedOnce() {
        // cmp 0x10(%r14),%rsp; jbe more; push %rbp; ret; more: call morestack; jmp to the first byte
        assertThat(Placement.of(code("493b6610 7602 55 c3 e800000000 ebf1"), Abi.GO))
                .isEqualTo(new Placement(6, 0, true));
        // the same code of a compiler that means it
        assertThat(Placement.of(code("493b6610 7602 55 c3 e800000000 ebf1"), Abi.SYSTEM_V))
                .isEqualTo(new Placement(4, 0, true));
        // what does not come back is a branch like others
        assertThat(Placement.of(code("493b6610 7602 55 c3 e800000000 c3"), Abi.GO))
                .isEqualTo(new Placement(4, 0, true));
    }

    @Test
    void whatCannotBeDecodedIsProbedAtItsEntry() {
        assertThat(Placement.of(code("06 55 c3"), Abi.SYSTEM_V)).isEqualTo(new Placement(0, 0, false));
        assertThat(Placement.of(code("48"), Abi.SYSTEM_V)).isEqualTo(new Placement(0, 0, false));
        assertThat(Placement.of(new byte[0], Abi.SYSTEM_V)).isEqualTo(new Placement(0, 0, false));
    }

    @Test
    void aGuardedReturnHasAPlaceWithTheResult() {
        // sub $8,%rsp; xor %eax,%eax; jne guard; add $8,%rsp; ret; guard: call
        assertThat(Exits.of(code("4883ec08 31c0 7505 4883c408 c3 e800000000"))).contains(List.of(6));
        // the same, but what the jump leads to comes back
        assertThat(Exits.of(code("4883ec08 31c0 7505 4883c408 c3 e800000000 c3")))
                .isEmpty();
        // the result is made behind the jump
        assertThat(Exits.of(code("7507 b801000000 c3 90 e800000000"))).isEmpty();
        // a tail call leaves with another's result
        assertThat(Exits.of(code("7505 e9ff000000 c3 e800000000"))).isEmpty();
    }

    private static byte[] code(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }
}
