package dev.spandrel.operator;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an operator asks of the API server, each right that it makes use of with a request that did. */
final class Calls implements Interceptor {
    private final Map<Right, Call> made = new ConcurrentHashMap<>();
    private volatile Runnable beforeStatus = () -> {};

    /** As a rule of a role grants it; a subresource stands behind its resource. */
    record Right(String verb, String group, String resource) {}

    record Call(String method, URI uri) {}

    /** What happens, once, when the next status is about to be written. */
    void beforeStatus(Runnable once) {
        beforeStatus = () -> {
            beforeStatus = () -> {};
            once.run();
        };
    }

    Map<Right, Call> made() {
        return Map.copyOf(made);
    }

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        Call call = new Call(request.method(), request.uri());
        if (call.method().equals("PATCH") && call.uri().getPath().endsWith("/status")) {
            beforeStatus.run();
        }
        List<String> path =
                new ArrayList<>(List.of(call.uri().getPath().substring(1).split("/")));
        String group = "";
        if (path.removeFirst().equals("apis")) {
            group = path.removeFirst();
        }
        if (path.size() < 2) {
            return; // of no resource: versions, discovery
        }
        path.removeFirst(); // version
        if (path.size() > 2 && path.getFirst().equals("namespaces")) {
            path.subList(0, 2).clear();
        }
        String resource = path.size() > 2 ? path.getFirst() + "/" + path.getLast() : path.getFirst();
        made.putIfAbsent(new Right(verb(call, path.size() > 1), group, resource), call);
    }

    private static String verb(Call call, boolean named) {
        String query = String.valueOf(call.uri().getQuery());
        return switch (call.method()) {
            case "POST" -> "create";
            case "PATCH" -> "patch";
            case "PUT" -> "update";
            case "DELETE" -> "delete";
            default -> query.contains("watch=true") ? "watch" : named ? "get" : "list";
        };
    }
}
