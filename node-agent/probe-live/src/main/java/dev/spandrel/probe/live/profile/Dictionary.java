package dev.spandrel.probe.live.profile;

import java.util.List;
import java.util.Map;

/** What the samples of one message refer to by index, as {@code ProfilesDictionary} has it. Index 0 is none in each table. */
public final class Dictionary {
    private static final String FRAME_TYPE = "profile.frame.type";

    /** @param file of strings */
    public record Mapping(int file) {}

    /** @param type an attribute; 0: it is not known */
    public record Location(int mapping, long address, int function, int type) {}

    /** @param name of strings */
    public record Function(int name) {}

    /** @param key of strings */
    public record Attribute(int key, Object value) {}

    /** @param locations the innermost first */
    public record Stack(List<Integer> locations) {}

    /** @param link 0: none */
    public record Sample(int stack, long value, List<Integer> attributes, int link) {}

    private final Table<String> strings = new Table<>("");
    private final Table<Mapping> mappings = new Table<>(new Mapping(0));
    private final Table<Location> locations = new Table<>(new Location(0, 0, 0, 0));
    private final Table<Function> functions = new Table<>(new Function(0));
    private final Table<Attribute> attributes = new Table<>(new Attribute(0, ""));
    private final Table<Stack> stacks = new Table<>(new Stack(List.of()));
    private final Table<Site.Request> links = new Table<>(new Site.Request("", ""));

    public int string(String text) {
        return strings.of(text);
    }

    public List<Sample> samples(Profile profile) {
        return profile.samples().entrySet().stream()
                .map(one -> sample(one.getKey(), one.getValue()))
                .toList();
    }

    private Sample sample(Site site, long value) {
        int stack =
                stacks.of(new Stack(site.frames().stream().map(this::location).toList()));
        List<Integer> of =
                site.attributes().entrySet().stream().map(this::attribute).toList();
        return new Sample(stack, value, of, site.request().map(links::of).orElse(0));
    }

    private int location(Frame frame) {
        int type = frame.kind().type().isEmpty()
                ? 0
                : attribute(Map.entry(FRAME_TYPE, frame.kind().type()));
        int function = functions.of(new Function(string(frame.function())));
        return locations.of(
                new Location(mappings.of(new Mapping(string(frame.file()))), frame.address(), function, type));
    }

    private int attribute(Map.Entry<String, ?> one) {
        return attributes.of(new Attribute(string(one.getKey()), one.getValue()));
    }

    public List<String> strings() {
        return strings.all();
    }

    public List<Mapping> mappings() {
        return mappings.all();
    }

    public List<Location> locations() {
        return locations.all();
    }

    public List<Function> functions() {
        return functions.all();
    }

    public List<Attribute> attributes() {
        return attributes.all();
    }

    public List<Stack> stacks() {
        return stacks.all();
    }

    /** Empty ids at index 0. */
    public List<Site.Request> links() {
        return links.all();
    }
}
