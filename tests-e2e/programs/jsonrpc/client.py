"""usage: client.py PORT: jsonrpclib's client. What it calls is a line each on standard output, METHOD ERROR, and HTTP where it is no JSON-RPC: the oracle."""
import http.client
import json
import sys

import jsonrpclib

PORT = int(sys.argv[1])
SECRET = "s3cr3t"
ROUNDS = 60


def said(method, code=""):
    print(method, code, sep="\t", flush=True)


def call(server, method, length=500):
    code = ""
    try:
        function = server
        for part in method.split("."):
            function = getattr(function, part)
        function(SECRET, "x" * length)
    except jsonrpclib.ProtocolError as e:
        code = e.args[0][0]
    # This library says last that it is JSON-RPC.
    said(method, code) if length < 2000 else said("HTTP")


def post(body):
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    connection.request("POST", "/RPC2", json.dumps(body), {"content-type": "application/json"})
    connection.getresponse().read()
    connection.close()


def main():
    server = jsonrpclib.ServerProxy(f"http://127.0.0.1:{PORT}/RPC2")
    for _ in range(ROUNDS):
        call(server, "Words.Echo")
        call(server, "Words.Echo", length=3000)
        call(server, "Words.Fail")
        call(server, "Words.Nothing")
        server._notify.Words.Echo(SECRET)
        said("Words.Echo")
        batch = jsonrpclib.MultiCall(server)
        batch.Words.Echo(SECRET)
        batch.Words.Fail(SECRET)
        batch()
        said("")
        post({"log": {"jsonrpc": "2.0", "method": SECRET}})
        said("HTTP")


main()
