package dev.spandrel.operator.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a token says of itself. Its signature is not looked at here: this serves to refuse, never to accept. */
record Claims(String subject, Set<String> audiences, Instant expiry) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PARTS = 3;

    /** Empty where it is no JSON web token. */
    static Optional<Claims> of(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            JsonNode audience = claims.path("aud");
            Stream<JsonNode> audiences = audience.isArray() ? audience.valueStream() : Stream.of(audience);
            return Optional.of(new Claims(
                    claims.path("sub").asText(),
                    audiences.map(JsonNode::asText).collect(Collectors.toSet()),
                    Instant.ofEpochSecond(Math.clamp(claims.path("exp").asLong(), 0, Integer.MAX_VALUE * 4L))));
        } catch (IOException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
