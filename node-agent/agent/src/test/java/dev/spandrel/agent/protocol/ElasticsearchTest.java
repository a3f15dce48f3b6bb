package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElasticsearchTest {
    private final Elasticsearch reader = new Elasticsearch();

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "GET /; info; ''",
                "HEAD /; ping; ''",
                "PUT /books; indices.create; books",
                "HEAD /books; indices.exists; books",
                "POST /books/_doc; index; books",
                "PUT /books/_doc/_search; index; books",
                "GET /books/_doc/1; get; books",
                "POST /_search; search; ''",
                "GET /a,b*/_search?q=x/y; search; a,b*",
                "GET /_all/_count; count; _all",
                "DELETE /_search/scroll; clear_scroll; ''",
                "GET /_cluster/health/books; cluster.health; books",
                "GET /_cat/indices/bo*?v; cat.indices; ''",
                "GET /_nodes/stats; nodes.stats; ''",
                "GET /_nodes/_local/stats/jvm,breaker; nodes.stats; ''",
                "GET /_nodes/n1; nodes.info; ''",
                "GET //books//_settings; indices.get_settings; books",
            })
    void saysTheEndpoint(String line, String operation, String collection) {
        DatabaseRequest request = (DatabaseRequest) read(line + " HTTP/1.1\r\n\r\n");
        assertThat(request.operation()).hasToString(operation);
        assertThat(request.collection()).hasToString(collection);
    }

    @ParameterizedTest
    @CsvSource({"GET /_watcher/stats", "PATCH /books", "GET /books/_nothing", "GET /_doc", "GET /a/b/c/d/e/f/g"})
    void guessesNothing(String line) {
        assertThat(read(line + " HTTP/1.1\r\n\r\n")).isEqualTo(Answer.INVALID);
    }

    @Test
    void saysNothingOfALineThatIsCut() {
        assertThat(read("GET /books/_search")).isEqualTo(Answer.NEED_MORE);
        assertThat(read("GET")).isEqualTo(Answer.NEED_MORE);
        assertThat(read("")).isEqualTo(Answer.NEED_MORE);
        assertThat(read("GET *\r\n/x HTTP/1.1")).isEqualTo(Answer.NEED_MORE);
    }

    private Answer read(String head) {
        byte[] bytes = head.getBytes(StandardCharsets.ISO_8859_1);
        return reader.read(bytes, 0, bytes.length);
    }
}
