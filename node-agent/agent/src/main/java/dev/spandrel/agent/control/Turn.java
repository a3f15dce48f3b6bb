package dev.spandrel.agent.control;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Of the agents of one node one at a time has the turn to trace. One that starts asks for it when all else is ready, and the one that has it stops first: an
 * update may so start the new agent beside the old one, and no exchange is counted by both.
 */
public interface Turn extends AutoCloseable {
    /** Nobody else is to be reckoned with. */
    Turn ALONE = new Turn() {
        @Override
        public void take() {}

        @Override
        public boolean held() {
            return true;
        }

        @Override
        public boolean asked() {
            return false;
        }

        @Override
        public boolean free() {
            return true;
        }

        @Override
        public void give() {}

        @Override
        public void close() {}
    };

    /** Shared by all agents of the node that keep their state in this folder; alone where nothing can be written there. */
    static Turn of(Path directory, String node) {
        try {
            return new NodeTurn(directory, node);
        } catch (IOException e) {
            System.getLogger("dev.spandrel.agent.control")
                    .log(
                            System.Logger.Level.WARNING,
                            "another agent of this node would not be noticed: {0} cannot be written ({1})",
                            directory,
                            e.getMessage());
            return ALONE;
        }
    }

    /** Asks whoever has it for it, and waits. At once where it is held. */
    void take();

    boolean held();

    /** Whether another one waits for it. */
    boolean asked();

    /** Takes it if nobody has it or waits for it; true if it is held. */
    boolean free();

    /** Nothing of ours is attached any more. */
    void give();

    /** As {@link #give}; who waits for it, waits no longer. */
    @Override
    void close();
}
