package dev.spandrel.operator.push;

import dev.spandrel.contract.v1.HeldValues;
import dev.spandrel.contract.v1.Push;
import dev.spandrel.contract.v1.ReadBack;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Questions to one agent that wait for their answer. */
final class Questions {
    private static final int MOST = 16;
    private static final int SECONDS = 3;

    private final Map<String, CompletableFuture<Answer>> waiting = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();

    CompletableFuture<Answer> ask(String podUid, Consumer<Push> stream) {
        if (waiting.size() >= MOST) {
            return none(Answer.Reason.BUSY);
        }
        String id = Long.toString(asked.incrementAndGet());
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        stream.accept(Push.newBuilder()
                .setReadBack(ReadBack.newBuilder().setId(id).setPodUid(podUid))
                .build());
        return answer.completeOnTimeout(new Answer.None(Answer.Reason.LATE), SECONDS, TimeUnit.SECONDS)
                .whenComplete((_, _) -> waiting.remove(id));
    }

    static CompletableFuture<Answer> none(Answer.Reason reason) {
        return CompletableFuture.completedFuture(new Answer.None(reason));
    }

    /** One that answers nothing, or comes too late, is dropped. */
    void answered(HeldValues values) {
        CompletableFuture<Answer> answer = waiting.get(values.getId());
        if (answer != null) {
            answer.complete(new Answer.Values(values));
        }
    }

    void left() {
        waiting.values().forEach(answer -> answer.complete(new Answer.None(Answer.Reason.LEFT)));
    }
}
