package dev.spandrel.operator.identity;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.google.common.hash.HashCode;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Judges tokens. What cannot be right is refused at once; the rest is asked about, and the answer kept for a while. */
final class Tokens {
    private static final String SCHEME = "Bearer ";
    /** A fleet that comes back at once is known, and asks the API server nothing. A stream that is open already is not ended sooner either when its agent's pod is deleted. */
    private static final Duration ACCEPTED_KEPT = Duration.ofMinutes(10);

    private static final Duration REFUSED_KEPT = Duration.ofMinutes(1);
    private static final int MOST_KEPT = 20_000;
    private static final int MOST_ASKED = 32;

    private final Accounts accounts;
    private final Function<String, Verdict> review;
    private final InstantSource clock;
    private final Semaphore reviews = new Semaphore(MOST_ASKED);
    /** Also answers that are on their way: who waits for one keeps nobody else from theirs. */
    private final AsyncCache<HashCode, Verdict> known;

    /** @param review the API server's word on a token */
    Tokens(Accounts accounts, Function<String, Verdict> review, InstantSource clock) {
        this.accounts = accounts;
        this.review = review;
        this.clock = clock;
        this.known = Caffeine.newBuilder()
                .maximumSize(MOST_KEPT)
                .expireAfter(Expiry.<HashCode, Verdict>writing((_, verdict) -> kept(verdict)))
                .ticker(() -> clock.millis() * 1_000_000)
                .buildAsync();
    }

    /** @param header authorization, null where there is none */
    Verdict judge(@Nullable String header) {
        if (header == null || !header.startsWith(SCHEME)) {
            return new Verdict.Refused(
                    Refusal.NO_TOKEN,
                    "agents prove who they are: send a service account's token, Authorization: Bearer …");
        }
        String token = header.substring(SCHEME.length()).strip();
        Optional<Claims> claims = Claims.of(token);
        if (claims.isEmpty()) {
            return new Verdict.Refused(Refusal.NOT_A_TOKEN, "this is not a service account's token");
        }
        return judge(claims.get(), clock.instant()).orElseGet(() -> reviewed(token));
    }

    private Optional<Verdict> judge(Claims claims, Instant now) {
        if (!now.isBefore(claims.expiry())) {
            return Optional.of(new Verdict.Refused(Refusal.EXPIRED, "the token expired at " + claims.expiry()));
        }
        if (!claims.audiences().contains(Accounts.AUDIENCE)) {
            return Optional.of(new Verdict.Refused(
                    Refusal.WRONG_AUDIENCE,
                    "the token is for " + claims.audiences() + ", and not for " + Accounts.AUDIENCE));
        }
        return accounts.isAgent(claims.subject()) || accounts.isOperator(claims.subject())
                ? Optional.empty()
                : Optional.of(accounts.wrong(claims.subject()));
    }

    private static Duration kept(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Accepted _ -> ACCEPTED_KEPT;
            case Verdict.Refused(var reason, var _) -> reason == Refusal.UNCHECKED ? Duration.ZERO : REFUSED_KEPT;
        };
    }

    private Verdict reviewed(String token) {
        CompletableFuture<Verdict> asked = new CompletableFuture<>();
        CompletableFuture<Verdict> before =
                known.asMap().putIfAbsent(Hashing.sha256().hashString(token, StandardCharsets.UTF_8), asked);
        if (before != null) {
            return before.join();
        }
        try {
            asked.complete(review(token));
        } catch (RuntimeException e) {
            asked.completeExceptionally(e); // and so is not kept
        }
        return asked.join();
    }

    /** A few at a time: a fleet that comes back at once would otherwise ask so much at once that no answer comes in time. */
    private Verdict review(String token) {
        reviews.acquireUninterruptibly();
        try {
            return review.apply(token);
        } finally {
            reviews.release();
        }
    }
}
