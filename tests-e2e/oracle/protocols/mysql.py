from ..compare import CUT
from ..exchange import Exchange, sanitized
from . import BUILT

DISSECTOR = "mysql"
PLANTED = {"literal": 'mysql.query contains "\'s3cr3t"', "parameter": 'mysql.exec.field.string contains "s3cr3t"', "row": 'mysql.row.text contains "s3cr3t"'}
UNSEEN = {}
QUERY, PREPARE, EXECUTE = "3", "22", "23"


def server(files, port, _):
    return ["mysql/server.sh", files, port]


def client(port, seed, count):
    return [BUILT / "go", "mysql-mixed", port, seed, count]


def exchanges(messages):
    """Statements, and what was to be prepared and could not be."""
    texts, asked = {}, None
    for message in messages:
        command = message.first("mysql.command")
        if message.asks and command:
            if asked and asked["kind"] != PREPARE:
                yield Exchange(asked["text"], asked["error"]), asked["time"]
            asked = None
            if command in (QUERY, PREPARE, EXECUTE):
                text = texts.get(message.first("mysql.stmt_id"), "?") if command == EXECUTE else sanitized(message.first("mysql.query"))
                asked = {"kind": command, "text": text, "error": "", "time": message.time}
        elif asked and not message.asks:
            if error := message.first("mysql.error_code"):
                asked["error"] = error
                asked["kind"] = QUERY
            elif asked["kind"] == PREPARE and (number := message.first("mysql.stmt_id")):
                texts[number] = asked["text"]
    if asked and asked["kind"] != PREPARE:
        yield Exchange(asked["text"], asked["error"]), asked["time"]


def of_span(span):
    text = span.attributes.get("db.query.text")
    return text and Exchange(sanitized(text) + (CUT if "spandrel.query.truncated" in span.attributes else ""), span.attributes.get("db.response.status_code", ""))
