package dev.spandrel.agent.export;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.exporter.internal.http.HttpSenderProvider;
import java.util.List;

/** What the SDK's exporters are made of: what is on the class path, but our own sender for HTTP. */
final class Components implements ComponentLoader {
    private static final ComponentLoader FOUND = ComponentLoader.forClassLoader(Components.class.getClassLoader());
    private static final HttpSenderProvider HTTP = HttpPost::new;

    @Override
    public <T> Iterable<T> load(Class<T> component) {
        return component == HttpSenderProvider.class ? List.of(component.cast(HTTP)) : FOUND.load(component);
    }
}
