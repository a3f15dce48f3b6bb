package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.syntax.Program.MapDeclaration;
import dev.spandrel.probe.type.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A program that is right: every expression has a type. */
public record Checked(List<Body> bodies, Map<String, MapShape> maps, Structs structs, Options options) {
    /** @param types by identity; so are the constants, and the contents: the bytes of expressions in memory that are known */
    public record Body(
            Instance instance,
            Map<Expr, Type> types,
            Map<Expr, Long> constants,
            Map<Expr, byte[]> contents,
            Map<String, Type> variables) {}

    /** @param declared how many keys it has room for and which give way, if the program says so */
    public record MapShape(String name, List<Type> keys, Type value, Optional<MapDeclaration> declared) {}
}
