"""What is compared of brokers: the operation, its destination, and the size of a message."""

from .exchange import Exchange

#: What a broker sends of its own accord.
UNASKED = ("deliver", "error")


def moved(words, status=""):
    """What a broker sends by itself has an order of its own."""
    request = " ".join(str(word) for word in words if word not in (None, ""))
    return Exchange(request, status, "server" if request.partition(" ")[0] in UNASKED else "client")


def spans_of(system):
    """`of_span` of a protocol whose spans name this system."""

    def of_span(span):
        about = span.attributes
        if about.get("messaging.system") != system:
            return None
        words = (about.get("messaging.operation.name"), about.get("messaging.destination.name"), about.get("messaging.message.body.size"))
        return moved(words, about.get("error.type", ""))

    return of_span
