package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GraphqlTest {
    private static final String JSON = "application/json";

    private final Graphql reader = new Graphql();

    /** Apostrophes for quotes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'query':'{ me }'} | query | ``",
                "{'query':'query Books { books { title } }'} | query | Books",
                "{'query':'# which\\n query,Books@live(a: [1, {b: 2}]) { ... on A @b { c: d(e: \\\"}\\\") } }'} | query | Books",
                "{'query':'mutation Add($n: [String!]! = [\\\"a\\\"]) { add(n: $n) { id } }','variables':{'n':['x']}} | mutation | Add",
                "{'query':'subscription S { s }'} | subscription | S",
                "{'query':'fragment F on B { c } query Q { b { ...F } }'} | query | Q",
                "{'query':'query A { a } mutation B { b }','operationName':'B'} | mutation | B",
                "{'operationName':'A','query':'query A { a } mutation B { b }'} | query | A",
                "{'query':'query A { a } query B { b }'} | `` | ``",
                "{'query':'query A { a }','operationName':'C'} | `` | ``",
                "{'query':'query A { a(b: \\\"\\\"\\\" } \\\"\\\"\\\") }'} | query | A",
                "[{'query':'query A { a }'}] | query | A",
                "[{'query':'query A { a }'},{'query':'query B { b }'}] | query | ``",
                "[{'query':'query A { a }'},{'query':'mutation B { b }'}] | `` | ``",
                "{'operationName':'A','extensions':{'persistedQuery':{'version':1,'sha256Hash':'ab'}}} | `` | A",
                "{'extensions':{'a':{'b':[{}]},'persistedQuery':{'sha256Hash':'ab'}},'query':null,'operationName':'A'} | `` | A",
                "{'query':'{ \\u0061 }','x':1.5e3,'y':[true,false,null]} | query | ``",
            })
    void saysTheOperation(String body, String type, String name) {
        GraphqlRequest request = (GraphqlRequest) read(JSON, body.replace('\'', '"'));
        assertThat(request.type()).isEqualTo(type);
        assertThat(request.name()).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'query':'query planner'}",
                "{'query':'query planner of books'}",
                "{'query':'Query Books { books }'}",
                "{'query':'{app=\\\"x\\\"}'}",
                "{'query':'{\\\"a\\\": 1}'}",
                "{'query':'{}'}",
                "{'query':'{a{}}'}",
                "{'query':'{a'}",
                "{'query':'query A(b: 1) { a }'}",
                "{'query':'fragment F on B { c }'}",
                "{'query':'SELECT 1'}",
                "{'query':'up'}",
                "{'query':''}",
                "{'query':{'match':{}}}",
                "{'query' '{a}'}",
                "{'operationName':'A'}",
                "{'extensions':{'persistedQuery':{}}}",
                "[]",
                "['query']",
                "'{a}'",
            })
    void anythingElseIsNot(String body) {
        assertThat(read(JSON, body.replace('\'', '"'))).isSameAs(Answer.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'query':'query Books($id: ID!) { book(id: $id) { title } }','variables':{'id':1},'operationName':'Books'}",
                "{'operationName':'Books','variables':{'query':'{ no }'},'query':'query Books { book { title } }'}",
                "{'query':'query Other { a } query Books { book { title } }','operationName':'Books'}",
                "{'query':'fragment F on B { c } query Books { book { ...F } }','operationName':'Books'}",
                "[{'query':'query Books { book }','operationName':'Books'}]",
            })
    void whatIsCutSaysNothingWrong(String body) {
        String text = body.replace('\'', '"');
        int named = 0;
        for (int length = 1; length <= text.length(); length++) {
            if (read(JSON, text.substring(0, length)) instanceof GraphqlRequest request) {
                assertThat(request.type()).isIn("", "query");
                assertThat(request.name().toString()).isIn("", "Books");
                named += request.name().isEmpty() ? 0 : 1;
            }
        }
        assertThat(named).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "query=%7Bme%7D | query | ``",
                "a=1&query=query+Me+%7B+me+%7D&operationName=Me | query | Me",
                "operationName=Me&extensions=%7B%22persistedQuery%22:%7B%22sha256Hash%22:%22a%22%7D%7D | `` | Me",
            })
    void targetsSayItToo(String query, String type, String name) {
        GraphqlRequest request = (GraphqlRequest) reader.readQuery(slice(query), true);
        assertThat(request.type()).isEqualTo(type);
        assertThat(request.name()).hasToString(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"query=up", "query=%7Bapp%3D%22x%22%7D", "query", "query=", "a&&=&query=%7", "extensions=%7B%7D"
            })
    void otherTargetsDoNot(String query) {
        assertThat(reader.readQuery(slice(query), true)).isSameAs(Answer.INVALID);
    }

    @Test
    void bodiesOfOtherTypesAreNot() {
        String body = "{\"query\":\"{ me }\"}";
        assertThat(read(JSON, body)).isInstanceOf(GraphqlRequest.class);
        assertThat(read(JSON + "; charset=utf-8", body)).isInstanceOf(GraphqlRequest.class);
        assertThat(read("Application/GraphQL+json", body)).isInstanceOf(GraphqlRequest.class);
        assertThat(read("application/jsonp", body)).isSameAs(Answer.INVALID);
        assertThat(read("", body)).isSameAs(Answer.INVALID);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'errors':[{'message':'a'}],'data':null} | true",
                "{'data':{'errors':[{}]},'errors':[{'mess | true",
                "[{'data':1},{'errors':[{}]}] | true",
                "{'data':{'errors':[{}]}} | false",
                "{'errors':[]} | false",
                "{'errors':null} | false",
                "{'data':'errors' | false",
                "<html> | false",
                "`` | false",
            })
    void answersTellOfErrors(String answer, boolean isError) {
        assertThat(reader.isError(slice(answer.replace('\'', '"')))).isEqualTo(isError);
    }

    private Answer read(String contentType, String body) {
        return reader.read(slice(contentType), slice(body));
    }

    private static Slice slice(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Slice().set(bytes, 0, bytes.length);
    }
}
