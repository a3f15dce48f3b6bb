package dev.spandrel.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonrpcTest {
    private final Jsonrpc reader = new Jsonrpc();

    /** Apostrophes for quotes. A dash: there is no id. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'jsonrpc':'2.0','method':'add','params':[1,2],'id':7} | add | 7",
                " { 'method' : 'a.b' , 'params' : {'method':'no','id':9} , 'id' : 'x-1' , 'jsonrpc' : '2.0' } | a.b | x-1",
                "{'jsonrpc':'2.0','method':'add','id':null} | add | ``",
                "{'jsonrpc':'2.0','method':'log'} | log | -",
                "{'jsonrpc':'2.0','id':1,'result':{'method':'no'}} | `` | 1",
                "{'jsonrpc':'2.0','method':1,'id':1.5} | `` | 1.5",
                "[{'jsonrpc':'2.0','method':'add','id':1}] | add | 1",
                "[{'jsonrpc':'2.0','method':'add','id':1},{'jsonrpc':'2.0','method':'add','id':2}] | add | -",
                "[{'jsonrpc':'2.0','method':'add','id':1},{'jsonrpc':'2.0','method':'sub','id':2}] | `` | -",
                "[{'jsonrpc':'2.0','method':'add','id':1},{'jsonrpc':'2.0','meth | `` | -",
                "{'jsonrpc':'2.0','method':'add',,} | add | -",
            })
    void saysTheCall(String body, String method, String id) {
        JsonrpcRequest request = (JsonrpcRequest) read(body);
        assertThat(request.method()).hasToString(method);
        assertThat(request.hasId() ? request.id().toString() : "-").isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'method':'add','params':[1,2],'id':7}",
                "{'jsonrpc':'1.0','method':'add'}",
                "{'jsonrpc':2.0,'method':'add'}",
                "{'log':{'jsonrpc':'2.0','method':'add'}}",
                "[[{'jsonrpc':'2.0'}]]",
                "{}",
                "[]",
                "",
                "'jsonrpc'",
                "{'jsonrpc','2.0'}",
                "{'jsonrpc':'2.",
            })
    void anythingElseIsNot(String body) {
        assertThat(read(body)).isSameAs(Answer.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'jsonrpc':'2.0','method':'add','params':{'method':'no','id':8},'id':71}",
                "{'params':['jsonrpc','2.0'],'id':71,'jsonrpc':'2.0','method':'add'}",
                "[{'jsonrpc':'2.0','method':'add','id':71}]",
            })
    void whatIsCutSaysNothingWrong(String body) {
        int named = 0;
        for (int length = 1; length <= body.length(); length++) {
            if (read(body.substring(0, length)) instanceof JsonrpcRequest request) {
                assertThat(request.method().toString()).isIn("", "add");
                assertThat(request.hasId() ? request.id().toString() : "71").isEqualTo("71");
                named += request.method().isEmpty() ? 0 : 1;
            }
        }
        assertThat(named).isPositive();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'jsonrpc':'2.0','id':1,'error':{'code':-32601,'message':'a'}} | -32601",
                "{'error':{'data':{'code':1},'message':'a','code':5},'id':1} | 5",
                "{'error':{'code':-32601 | ``",
                "{'result':{'error':{'code':1}}} | ``",
                "{'error':null,'result':1,'code':3} | ``",
                "{'error':{},'x':{'code':3}} | ``",
                "[{'error':{'code':1}}] | ``",
                "<html> | ``",
            })
    void answersHaveTheCode(String answer, String code) {
        assertThat(reader.error(slice(answer), new Slice())).hasToString(code);
    }

    private Answer read(String body) {
        return reader.read(slice(body));
    }

    private static Slice slice(String text) {
        byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return new Slice().set(bytes, 0, bytes.length);
    }
}
