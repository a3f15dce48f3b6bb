package dev.spandrel.agent.span;

/** What an exchange of HTTP carries, if it is more than that: what its span says of it. */
interface Carried {
    /** Of plain HTTP. */
    Carried NOTHING = new Carried() {
        @Override
        public String name() {
            return "";
        }

        @Override
        public void write(SpanSink sink) {}

        @Override
        public String error() {
            return "";
        }
    };

    /** Of the span; empty: as of HTTP. */
    String name();

    /** Its attributes. */
    void write(SpanSink sink);

    /** Type of the error that is answered beside what HTTP says; empty: none. */
    String error();
}
