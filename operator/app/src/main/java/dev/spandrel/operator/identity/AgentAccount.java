package dev.spandrel.operator.identity;

/** The service account that agents run as. */
public record AgentAccount(String namespace, String name) {
    /** Tokens for anybody else are no use here, and these are no use elsewhere. */
    public static final String AUDIENCE = "spandrel-operator";

    String user() {
        return "system:serviceaccount:" + namespace + ":" + name;
    }

    Verdict wrong(String user) {
        return new Verdict.Refused(Refusal.WRONG_ACCOUNT, "the token is of " + user + ", and agents run as " + user());
    }
}
