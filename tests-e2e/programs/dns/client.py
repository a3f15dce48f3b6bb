"""dnspython: sockets that are not connected, several questions in flight on one, TCP; and glibc with threads."""
import concurrent.futures
import socket

import dns.message
import dns.query
import dns.resolver

SERVER = "127.0.0.1"


def main():
    for i in range(40):
        dns.query.udp(dns.message.make_query(f"n{i}.shop.here.test", "AAAA" if i % 2 else "A"), SERVER, timeout=5)
    dns.query.udp(dns.message.make_query("x" * 60 + "." + "y" * 60 + "." + "z" * 60 + ".shop.here.test", "A"), SERVER, timeout=5)
    messages = [dns.message.make_query(f"many{i}.shop.here.test", "A") for i in range(20)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.settimeout(5)
        for message in messages:
            one.sendto(message.to_wire(), (SERVER, 53))
        for _ in messages:
            one.recvfrom(4096)
    with socket.create_connection((SERVER, 53)) as stream:
        for i in range(20):
            dns.query.send_tcp(stream, dns.message.make_query(f"stream{i}.shop.here.test", "A"))
            dns.query.receive_tcp(stream)
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda i: socket.getaddrinfo(f"t{i}.shop.here.test", 80, type=socket.SOCK_STREAM), range(40)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(5)
        for _ in range(3):
            upstream.sendto(dns.message.make_query("bare.odd.test", "A").to_wire(), (SERVER, 5300))
            assert len(upstream.recvfrom(4096)[0]) == 12
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        for i in range(50):
            other.sendto(b"\x12\x34" + b"not a question, but as long as one is" * 2, (SERVER, 9))


main()
