"""jsonrpclib's server, a thread for each connection. usage: server.py PORT"""
import socketserver
import sys

from jsonrpclib.jsonrpc import Fault
from jsonrpclib.SimpleJSONRPCServer import SimpleJSONRPCRequestHandler, SimpleJSONRPCServer


class Server(socketserver.ThreadingMixIn, SimpleJSONRPCServer):
    daemon_threads = True


class Handler(SimpleJSONRPCRequestHandler):
    protocol_version = "HTTP/1.1"  # connections last
    wbufsize = -1  # else each line of an answer's head waits for the one before to be acknowledged
    disable_nagle_algorithm = True


def fail(*words):
    return Fault(4711, "s3cr3t")


server = Server(("127.0.0.1", int(sys.argv[1])), Handler, logRequests=False)
server.register_function(lambda *words: list(words), "Words.Echo")
server.register_function(fail, "Words.Fail")
server.serve_forever()
