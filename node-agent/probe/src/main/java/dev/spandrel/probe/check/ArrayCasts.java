package dev.spandrel.probe.check;

import dev.spandrel.probe.syntax.Expr;
import dev.spandrel.probe.type.Type;

/** Casts between numbers and arrays of numbers, which have the same bytes. */
final class ArrayCasts {
    private final Scope scope;

    ArrayCasts(Scope scope) {
        this.scope = scope;
    }

    /** An array without a size has that of the number. A constant has the array's. */
    Type toArray(Expr.Cast cast, Type from, Type.Array to) {
        if (from.equals(to) || !Checks.known(from)) return to;
        if (!(from instanceof Type.Int(int bytes, var _)) || !(to.element() instanceof Type.Int(int each, var _))) {
            scope.diagnostics.error(cast.span(), "only numbers can be cast to arrays of numbers, and this is " + from);
            return new Type.Unknown();
        }
        boolean fits = scope.constant(cast.operand()).isPresent()
                ? Integer.bitCount(each * to.count()) == 1 && each * to.count() <= Long.BYTES
                : each * to.count() == bytes;
        int count = to.count() > 0 ? to.count() : bytes / each;
        if (to.count() > 0 && !fits || count == 0) {
            scope.diagnostics.error(
                    cast.span(),
                    "what is cast has " + bytes + " bytes, and " + to + " has " + each * to.count(),
                    "cast the number to another size before, or leave the array's out");
            return new Type.Unknown();
        }
        return new Type.Array(to.element(), count);
    }

    Type toNumber(Expr.Cast cast, Type.Array from, Type.Int to) {
        int bytes = Type.natural(from);
        if (!(from.element() instanceof Type.Int) || bytes != to.size())
            scope.diagnostics.error(
                    cast.span(),
                    from + " has " + bytes + " bytes, and " + to + " has " + to.size(),
                    "both are as long");
        return to;
    }
}
