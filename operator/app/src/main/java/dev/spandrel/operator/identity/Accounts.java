package dev.spandrel.operator.identity;

/**
 * The service accounts that agents and operators run as.
 *
 * @param namespace of both
 */
public record Accounts(String namespace, String agent, String operator) {
    /** Tokens for anybody else are no use here, and these are no use elsewhere. */
    public static final String AUDIENCE = "spandrel-operator";

    boolean isAgent(String user) {
        return user.equals(user(agent));
    }

    boolean isOperator(String user) {
        return user.equals(user(operator));
    }

    private String user(String account) {
        return "system:serviceaccount:" + namespace + ":" + account;
    }

    Verdict wrong(String user) {
        return new Verdict.Refused(
                Refusal.WRONG_ACCOUNT, "the token is of " + user + ", and agents run as " + user(agent));
    }
}
