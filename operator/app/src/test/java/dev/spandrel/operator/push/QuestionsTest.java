package dev.spandrel.operator.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Push;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class QuestionsTest {
    private final List<Push> asked = new ArrayList<>();
    private final Questions questions = new Questions();

    @Test
    void eachAnswerGoesToItsQuestion() {
        CompletableFuture<Answer> one = questions.ask("u-1", asked::add);
        CompletableFuture<Answer> other = questions.ask("u-2", asked::add);

        questions.answered(values("made up"));
        questions.answered(values(asked.getLast().getReadBack().getId()));
        assertThat(one).isNotDone();
        assertThat(other)
                .isCompletedWithValue(
                        new Answer.Values(values(asked.getLast().getReadBack().getId())));
        assertThat(asked).extracting(push -> push.getReadBack().getPodUid()).containsExactly("u-1", "u-2");
    }

    @Test
    void onlySoManyWaitForOneAgent() {
        for (int i = 0; i < 16; i++) {
            assertThat(questions.ask("u", asked::add)).isNotDone();
        }
        assertThat(questions.ask("u", asked::add)).isCompletedWithValue(new Answer.None(Answer.Reason.BUSY));
        assertThat(asked).hasSize(16);

        questions.answered(values(asked.getFirst().getReadBack().getId()));
        assertThat(questions.ask("u", asked::add)).isNotDone();
    }

    @Test
    void whoeverWaitsWhenTheAgentLeavesIsTold() {
        CompletableFuture<Answer> answer = questions.ask("u", asked::add);
        questions.left();
        assertThat(answer).isCompletedWithValue(new Answer.None(Answer.Reason.LEFT));
        assertThat(questions.ask("u", asked::add)).isNotDone();
    }

    private static HeldValues values(String id) {
        return HeldValues.newBuilder().setId(id).build();
    }
}
