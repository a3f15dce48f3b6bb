package dev.spandrel.agent.protocol;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which endpoint of the search engines' API a request line is of. Holds scratch space: one per thread. */
final class SearchEndpoints {
    /** Methods, path and name of each, as the clients' specification has them; the first that fits is it. {@code {}} is any part of a path, {@code ~} nothing or an index. */
    private static final String TABLE = """
            HEAD / ping
            GET / info
            GET,POST ~/_search search
            GET,POST ~/_msearch msearch
            GET,POST ~/_search/template search_template
            GET,POST ~/_msearch/template msearch_template
            GET,POST /_search/scroll scroll
            DELETE /_search/scroll clear_scroll
            POST /{index}/_search/point_in_time create_pit
            DELETE /_search/point_in_time delete_pit
            POST /{index}/_pit open_point_in_time
            DELETE /_pit close_point_in_time
            POST ~/_async_search async_search.submit
            GET /_async_search/status/{} async_search.status
            GET /_async_search/{} async_search.get
            DELETE /_async_search/{} async_search.delete
            GET,POST ~/_count count
            GET,POST ~/_mget mget
            POST,PUT ~/_bulk bulk
            POST /{index}/_doc index
            POST,PUT /{index}/_doc/{} index
            GET /{index}/_doc/{} get
            HEAD /{index}/_doc/{} exists
            DELETE /{index}/_doc/{} delete
            POST,PUT /{index}/_create/{} create
            POST /{index}/_update/{} update
            GET /{index}/_source/{} get_source
            HEAD /{index}/_source/{} exists_source
            GET,POST /{index}/_explain/{} explain
            GET,POST /{index}/_termvectors termvectors
            GET,POST /{index}/_termvectors/{} termvectors
            GET,POST ~/_mtermvectors mtermvectors
            GET,POST ~/_field_caps field_caps
            GET,POST ~/_rank_eval rank_eval
            GET,POST ~/_search_shards search_shards
            POST /{index}/_delete_by_query delete_by_query
            POST /{index}/_update_by_query update_by_query
            POST /_reindex reindex
            GET /_scripts/{} get_script
            POST,PUT /_scripts/{} put_script
            DELETE /_scripts/{} delete_script
            GET,POST /{index}/_eql/search eql.search
            POST /_sql sql.query
            POST /_query esql.query
            GET,POST ~/_validate/query indices.validate_query
            GET,POST ~/_analyze indices.analyze
            GET,POST ~/_refresh indices.refresh
            GET,POST ~/_flush indices.flush
            POST ~/_forcemerge indices.forcemerge
            POST ~/_cache/clear indices.clear_cache
            GET ~/_stats indices.stats
            GET ~/_stats/{} indices.stats
            GET ~/_segments indices.segments
            GET ~/_recovery indices.recovery
            GET ~/_mapping indices.get_mapping
            POST,PUT /{index}/_mapping indices.put_mapping
            GET ~/_mapping/field/{} indices.get_field_mapping
            GET ~/_settings indices.get_settings
            GET ~/_settings/{} indices.get_settings
            PUT ~/_settings indices.put_settings
            POST /_aliases indices.update_aliases
            GET ~/_alias indices.get_alias
            GET ~/_alias/{} indices.get_alias
            HEAD ~/_alias/{} indices.exists_alias
            POST,PUT /{index}/_alias/{} indices.put_alias
            DELETE /{index}/_alias/{} indices.delete_alias
            GET /_index_template indices.get_index_template
            GET /_index_template/{} indices.get_index_template
            POST,PUT /_index_template/{} indices.put_index_template
            DELETE /_index_template/{} indices.delete_index_template
            HEAD /_index_template/{} indices.exists_index_template
            GET /_template indices.get_template
            GET /_template/{} indices.get_template
            POST,PUT /_template/{} indices.put_template
            DELETE /_template/{} indices.delete_template
            HEAD /_template/{} indices.exists_template
            GET /_data_stream indices.get_data_stream
            GET /_data_stream/{} indices.get_data_stream
            PUT /_data_stream/{} indices.create_data_stream
            DELETE /_data_stream/{} indices.delete_data_stream
            POST /{index}/_open indices.open
            POST /{index}/_close indices.close
            POST /{index}/_rollover indices.rollover
            POST /{index}/_rollover/{} indices.rollover
            POST,PUT /{index}/_shrink/{} indices.shrink
            POST,PUT /{index}/_split/{} indices.split
            POST,PUT /{index}/_clone/{} indices.clone
            GET /_component_template cluster.get_component_template
            GET /_component_template/{} cluster.get_component_template
            POST,PUT /_component_template/{} cluster.put_component_template
            DELETE /_component_template/{} cluster.delete_component_template
            GET /_cluster/health cluster.health
            GET /_cluster/health/{index} cluster.health
            GET /_cluster/state cluster.state
            GET /_cluster/state/{} cluster.state
            GET /_cluster/state/{}/{index} cluster.state
            GET /_cluster/stats cluster.stats
            GET /_cluster/pending_tasks cluster.pending_tasks
            GET /_cluster/settings cluster.get_settings
            PUT /_cluster/settings cluster.put_settings
            POST /_cluster/reroute cluster.reroute
            GET,POST /_cluster/allocation/explain cluster.allocation_explain
            GET /_nodes nodes.info
            GET /_nodes/stats nodes.stats
            GET /_nodes/stats/{} nodes.stats
            GET /_nodes/hot_threads nodes.hot_threads
            GET /_nodes/{} nodes.info
            GET /_nodes/{}/stats nodes.stats
            GET /_nodes/{}/stats/{} nodes.stats
            GET /_tasks tasks.list
            GET /_tasks/{} tasks.get
            POST /_tasks/{}/_cancel tasks.cancel
            GET /_ingest/pipeline ingest.get_pipeline
            GET,POST /_ingest/pipeline/_simulate ingest.simulate
            GET /_ingest/pipeline/{} ingest.get_pipeline
            PUT /_ingest/pipeline/{} ingest.put_pipeline
            DELETE /_ingest/pipeline/{} ingest.delete_pipeline
            GET /_snapshot snapshot.get_repository
            GET /_snapshot/{} snapshot.get_repository
            POST,PUT /_snapshot/{} snapshot.create_repository
            DELETE /_snapshot/{} snapshot.delete_repository
            GET /_snapshot/{}/{} snapshot.get
            POST,PUT /_snapshot/{}/{} snapshot.create
            DELETE /_snapshot/{}/{} snapshot.delete
            POST /_snapshot/{}/{}/_restore snapshot.restore
            GET /_license license.get
            GET /_xpack xpack.info
            GET /_cat cat.help
            PUT /{index} indices.create
            DELETE /{index} indices.delete
            GET /{index} indices.get
            HEAD /{index} indices.exists
            """;

    private static final String CAT =
            "aliases allocation count fielddata health indices master nodeattrs nodes pending_tasks plugins recovery repositories"
                    + " segments shards snapshots tasks templates thread_pool";
    private static final int MOST_PARTS = 5;
    private static final String INDEX = "{index}";
    private static final String ANY = "{}";
    private static final Words METHODS = Words.exactly("GET", "HEAD", "POST", "PUT", "DELETE");
    private static final List<Endpoint> ALL = all();
    /** The first of each path that is a word, not a place for one. */
    private static final Words WORDS = Words.exactly(ALL.stream()
            .map(Endpoint::word)
            .filter(word -> !word.isEmpty())
            .distinct()
            .toArray(String[]::new));

    /** By the number of parts, and by that word's number and one. */
    private static final List<List<List<Endpoint>>> SORTED = sorted();

    /** {@code methods}: a bit for each by its number. {@code index}: which part is one, or -1. */
    private record Endpoint(int methods, List<String> parts, int index, byte[] operation) {
        static Endpoint of(String methods, String path, String name) {
            List<String> parts =
                    Stream.of(path.split("/")).filter(part -> !part.isEmpty()).toList();
            int bits = 0;
            for (String method : methods.split(",")) {
                bits |= 1 << METHODS.find(method.getBytes(StandardCharsets.US_ASCII), 0, method.length());
            }
            return new Endpoint(bits, parts, parts.indexOf(INDEX), name.getBytes(StandardCharsets.US_ASCII));
        }

        /** Empty: there is none. It is the first part, or the second one behind an index. */
        String word() {
            return parts.stream()
                    .filter(part -> !part.startsWith("{"))
                    .findFirst()
                    .orElse("");
        }
    }

    private final DatabaseRequest request = new DatabaseRequest();
    private final Slice[] parts = Stream.generate(Slice::new).limit(MOST_PARTS).toArray(Slice[]::new);

    /** Of a head whose request line may be cut: then nothing is said of it. */
    Answer read(byte[] bytes, int from, int to) {
        int space = find(bytes, from, to, ' ');
        int at = find(bytes, space, to, '/');
        int end = pathEnd(bytes, at, to);
        if (end == to) {
            return Answer.NEED_MORE;
        }
        int method = METHODS.find(bytes, from, space);
        int count = 0;
        while (at < end) {
            int next = Eight.find(bytes, at + 1, end, '/');
            if (next > at + 1) {
                if (count == MOST_PARTS) {
                    return Answer.INVALID;
                }
                parts[count++].set(bytes, at + 1, next);
            }
            at = next;
        }
        Endpoint found = method < 0 ? null : endpoint(1 << method, count);
        if (found == null) {
            return Answer.INVALID;
        }
        request.start().operation().set(found.operation(), 0, found.operation().length);
        int index = found.index();
        if (index >= 0) {
            request.collection().set(bytes, parts[index].from(), parts[index].to());
        }
        return request;
    }

    private @Nullable Endpoint endpoint(int method, int count) {
        int place = count > 0 && isIndex(parts[0]) ? 1 : 0;
        int word = place < count ? WORDS.find(parts[place]) : -1;
        List<Endpoint> all = SORTED.get(count).get(word + 1);
        for (int i = 0; i < all.size(); i++) {
            Endpoint each = all.get(i);
            if ((each.methods() & method) != 0 && fits(each.parts())) {
                return each;
            }
        }
        return null;
    }

    private boolean fits(List<String> wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            String part = wanted.get(i);
            boolean fits = part.charAt(0) != '{' ? parts[i].is(part) : i > 0 || part.equals(ANY) || isIndex(parts[i]);
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Where a question mark or a blank ends it, in its line; {@code to}: it does not end here. */
    private static int pathEnd(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at += Long.BYTES) {
            long word = Eight.at(bytes, at);
            long found = Eight.equal(word, '?') | Eight.equal(word, ' ') | Eight.equal(word, '\n');
            int end = at + Eight.first(found);
            if (found != 0) return end >= to || bytes[end] == '\n' ? to : end;
        }
        return to;
    }

    private static int find(byte[] bytes, int from, int to, char wanted) {
        int i = from;
        while (i < to && bytes[i] != wanted && bytes[i] != '\n') {
            i++;
        }
        return i < to && bytes[i] == wanted ? i : to;
    }

    private static boolean isIndex(Slice part) {
        return part.at(0) != '_' || part.is("_all");
    }

    private static List<List<List<Endpoint>>> sorted() {
        List<List<List<Endpoint>>> sorted = new ArrayList<>();
        for (int count = 0; count <= MOST_PARTS; count++) {
            sorted.add(Stream.generate(() -> (List<Endpoint>) new ArrayList<Endpoint>())
                    .limit(WORDS.count() + 1)
                    .toList());
        }
        for (Endpoint each : ALL) {
            byte[] word = each.word().getBytes(StandardCharsets.US_ASCII);
            sorted.get(each.parts().size())
                    .get(WORDS.find(word, 0, word.length) + 1)
                    .add(each);
        }
        return sorted;
    }

    private static List<Endpoint> all() {
        Stream<String> cats = Stream.of(CAT.split(" "))
                .flatMap(name -> Stream.of(
                        "GET /_cat/%s cat.%s".formatted(name, name), "GET /_cat/%s/{} cat.%s".formatted(name, name)));
        return Stream.concat(TABLE.lines(), cats)
                .flatMap(line -> {
                    String[] words = line.split(" ");
                    String path = words[1];
                    Stream<String> paths = path.startsWith("~")
                            ? Stream.of(path.substring(1), "/" + INDEX + path.substring(1))
                            : Stream.of(path);
                    return paths.map(each -> Endpoint.of(words[0], each, words[2]));
                })
                .toList();
    }
}
