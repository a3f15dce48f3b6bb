package dev.spandrel.agent;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

@QuarkusMain
public final class Main {
    public static void main(String... arguments) {
        Quarkus.run(arguments);
    }
}
