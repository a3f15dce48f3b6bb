package dev.spandrel.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an informer itself has to remember of an object: which one, and which version of it. An inventory keeps the rest that matters, as a whole object for each of a hundred thousand would be more than all else. */
final class Seen<T extends HasMetadata> implements ItemStore<T> {
    /** By namespace, empty for objects that are in none, and by name: the very text that the inventory has. */
    private final Map<String, Map<String, Version>> versions = new ConcurrentHashMap<>();

    private final Supplier<T> blank;

    private record Key(String namespace, String name) {
        static Key of(String text) {
            int slash = text.indexOf('/');
            return new Key(slash < 0 ? "" : text.substring(0, slash), text.substring(slash + 1));
        }

        String text() {
            return namespace.isEmpty() ? name : namespace + "/" + name;
        }
    }

    /** @param blank makes an object of the kind, with as little in it as can be: an informer makes a list of all at times */
    Seen(Supplier<T> blank) {
        this.blank = blank;
    }

    @Override
    public String getKey(T object) {
        return Cache.metaNamespaceKeyFunc(object);
    }

    @Override
    public @Nullable T put(String key, T object) {
        Key at = new Key(
                Objects.requireNonNullElse(object.getMetadata().getNamespace(), ""),
                object.getMetadata().getName());
        Version now =
                Version.of(object.getMetadata().getUid(), object.getMetadata().getResourceVersion());
        return of(
                at,
                versions.computeIfAbsent(at.namespace(), _ -> new ConcurrentHashMap<>())
                        .put(at.name(), now));
    }

    @Override
    public @Nullable T remove(String key) {
        Key at = Key.of(key);
        return of(at, named(at.namespace()).remove(at.name()));
    }

    @Override
    public @Nullable T get(String key) {
        Key at = Key.of(key);
        return of(at, named(at.namespace()).get(at.name()));
    }

    private Map<String, Version> named(String namespace) {
        return Objects.requireNonNullElse(versions.get(namespace), new ConcurrentHashMap<>());
    }

    private @Nullable T of(Key key, @Nullable Version version) {
        if (version == null) {
            return null;
        }
        T object = blank.get();
        object.setMetadata(new SeenMetadata(key.namespace(), key.name(), version));
        return object;
    }

    /** Names of those of a Kubernetes namespace. */
    List<String> in(String namespace) {
        return named(namespace).keySet().stream().sorted().toList();
    }

    private Stream<Key> keys() {
        return versions.entrySet().stream()
                .flatMap(space -> space.getValue().keySet().stream().map(name -> new Key(space.getKey(), name)));
    }

    @Override
    public Stream<String> keySet() {
        return keys().map(Key::text);
    }

    @Override
    public Stream<T> values() {
        return versions.entrySet().stream()
                .flatMap(space -> space.getValue().entrySet().stream()
                        .map(named -> of(new Key(space.getKey(), named.getKey()), named.getValue())));
    }

    @Override
    public int size() {
        return versions.values().stream().mapToInt(Map::size).sum();
    }

    @Override
    public boolean isFullState() {
        return false;
    }
}
