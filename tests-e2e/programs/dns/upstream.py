"""usage: upstream.py PORT: answers that are hard to get from a good server: fails.* SERVFAIL, silent.* none, bare.* a refusal without the question, others an address."""
import socket
import sys

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", int(sys.argv[1])))
while True:
    asked, client = server.recvfrom(4096)
    query = dns.message.from_wire(asked)
    question = query.question[0]
    if question.name.to_text().startswith("silent."):
        continue
    if question.name.to_text().startswith("bare."):
        server.sendto(asked[:2] + b"\x81\x85" + bytes(8), client)
        continue
    answer = dns.message.make_response(query)
    answer.flags |= dns.flags.RA
    if question.name.to_text().startswith("fails."):
        answer.set_rcode(dns.rcode.SERVFAIL)
    elif question.rdtype == 1:
        answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "A", "127.0.0.9"))
    server.sendto(answer.to_wire(), client)
