package dev.spandrel.probe.output;

import dev.spandrel.probe.type.Type;
import java.util.List;

/** What a record asks for. Its arguments follow the first 8 bytes, each in as many bytes as its type is stored in. */
public sealed interface Action {
    List<Type> arguments();

    /** Whether it is something said, and not what is to be done with a map or with the program. */
    default boolean isText() {
        return switch (this) {
            case Formatted _, PrintValue _, Time _, Join _ -> true;
            case PrintMap _, Clear _, Zero _, Exit _ -> false;
        };
    }

    /** printf, and what it is done with: shown, run as a command, taken as a file's name. */
    record Formatted(Use use, String format, List<Type> arguments) implements Action {
        public enum Use {
            PRINT,
            SYSTEM,
            CAT
        }
    }

    record PrintValue(List<Type> arguments) implements Action {}

    record PrintMap(String map, int top, long divisor) implements Action {
        @Override
        public List<Type> arguments() {
            return List.of();
        }
    }

    record Clear(String map) implements Action {
        @Override
        public List<Type> arguments() {
            return List.of();
        }
    }

    record Zero(String map) implements Action {
        @Override
        public List<Type> arguments() {
            return List.of();
        }
    }

    record Exit(List<Type> arguments) implements Action {}

    record Time(String format) implements Action {
        @Override
        public List<Type> arguments() {
            return List.of();
        }
    }

    /** Strings one after the other, each in so many bytes; those that are not there are empty. */
    record Join(String separator, int strings, int bytes) implements Action {
        @Override
        public List<Type> arguments() {
            return List.of();
        }
    }
}
