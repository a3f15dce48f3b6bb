package dev.spandrel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spandrel.probe.check.Options;
import dev.spandrel.probe.lower.Arch;
import dev.spandrel.probe.output.Compiled;
import dev.spandrel.probe.syntax.Source;
import dev.spandrel.probe.type.RequestContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a program makes of a request's line, by its own instructions. */
class RequestNamesTest {
    private static final RequestContext LAYOUT = RequestContext.OF_AGENT;
    private static final int LINE = RequestContext.LINE_BYTES;
    private static final Pattern NUMBERED =
            Pattern.compile("\\d+|[0-9a-fA-F]{16,}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final List<String> PARTS = List.of(
            "",
            "a",
            "orders",
            "7",
            "4711",
            "v1",
            "deadbeef",
            "0123456789abcdef",
            "0123456789ABCDEF0",
            "123e4567-e89b-12d3-a456-426614174000",
            "123e4567-e89b-12d3-a456-42661417400",
            "123e4567e-89b-12d3-a456-426614174000",
            "-",
            "{id}",
            "...",
            "%20",
            "123456789012345-");

    private static final Compiled.Body PROGRAM = Compiler.compile(
                    new Source("t", "BEGIN { printf(\"%s%s\", route(), span_name()); }"),
                    new FakeFacts(),
                    Options.DEFAULT.with(Optional.of(LAYOUT)),
                    Arch.X86_64)
            .compiled()
            .orElseThrow()
            .programs()
            .getFirst();

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "GET /orders/4711?user=7 HTTP/1.1,/orders/{id},GET",
                "GET / HTTP/1.1,/,GET",
                "POST /users/123e4567-e89b-12d3-a456-426614174000/avatar HTTP/1.1,/users/{id}/avatar,POST",
                "GET /0123456789abcdef/x#top HTTP/1.1,/{id}/x,GET",
                "OPTIONS * HTTP/1.1,*,OPTIONS",
                "GET /files/this-name-is-longer-than-what-is-kept-of-a-request-line/1,/files/...,GET",
                "GET /1/2/3/4/5/6/7/8/9/1/2/3/4/5/6/7/8 HTTP/1.1,"
                        + "/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id}/{id,GET",
                "'',none,none"
            })
    void isTheSameForAllOfOneKind(String line, String route, String name) {
        assertThat(made(line)).containsExactly(route == null ? "" : route, name == null ? "" : name);
    }

    @Test
    void saysWhatAnExpressionSays() {
        var random = new Random(6);
        for (int i = 0; i < 20_000; i++) {
            var line = new StringBuilder("GET ");
            for (int parts = random.nextInt(7); parts >= 0; parts--)
                line.append('/').append(PARTS.get(random.nextInt(PARTS.size())));
            if (random.nextBoolean()) line.append(random.nextBoolean() ? "?q=/1/2" : " HTTP/1.1\r\n");
            String written = line.toString();
            assertThat(made(written).getFirst()).as(written).isEqualTo(route(written));
        }
    }

    /** By Java's own expressions. */
    private static String route(String line) {
        String kept = line.substring(0, Math.min(LINE, line.length()));
        String path = kept.substring(4).split("[ ?#\r\n]", 2)[0];
        boolean cut = 4 + path.length() == LINE;
        var parts = Arrays.asList(path.split("/", -1));
        String joined = parts.stream()
                .map(part -> NUMBERED.matcher(part).matches() ? "{id}" : part)
                .collect(Collectors.joining("/"));
        if (cut)
            joined = parts.subList(0, parts.size() - 1).stream()
                            .map(part -> (NUMBERED.matcher(part).matches() ? "{id}" : part) + "/")
                            .collect(Collectors.joining())
                    + "...";
        return joined.substring(0, Math.min(LINE, joined.length()));
    }

    /** Route and name, as the program's record has them. */
    private static List<String> made(String line) {
        var held = ByteBuffer.allocate(LAYOUT.bytes()).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        held.putLong(LAYOUT.spanId(), 1).putLong(LAYOUT.since(), 2).put(LAYOUT.named(), (byte)
                (line.isEmpty() ? 0 : 1));
        byte[] text = line.getBytes(StandardCharsets.US_ASCII);
        held.put(LAYOUT.line(), text, 0, Math.min(text.length, LINE));
        byte[] record = new byte[1024];
        Arrays.fill(record, (byte) 'x');
        byte[] scratch = new byte[1024];
        Arrays.fill(scratch, (byte) 'y');
        var machine = new Machine((helper, m, map) -> switch (helper) {
            case 1 -> map.startsWith(".scratch") ? m.memory(scratch) : m.memory(new byte[8]);
            case 131 -> m.memory(record);
            case 156 -> m.memory(held.array());
            default -> 0;
        });
        machine.steps(PROGRAM.instructions());
        return List.of(text(record, 8), text(record, 8 + LINE));
    }

    private static String text(byte[] content, int at) {
        int end = at;
        while (end < at + LINE && content[end] != 0) end++;
        for (int i = end; i < at + LINE; i++) assertThat(content[i]).isZero();
        return new String(content, at, end - at, StandardCharsets.US_ASCII);
    }
}
