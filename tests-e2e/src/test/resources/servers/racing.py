"""usage: racing.py ROUNDS: a client whose server closes each connection behind its first answer, as the client sends on it once more. Says "done", and stays."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    while True:
        connection, _ = listener.accept()
        connection.recv(1000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        connection.close()


threading.Thread(target=serve, daemon=True).start()
for i in range(int(sys.argv[1])):
    with socket.create_connection(listener.getsockname()) as client:
        client.sendall(f"GET /answered/{i} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
        answer = b""
        while part := client.recv(1000):  # until the end, so that the reset is the answer to what comes now
            answer += part
        assert answer.startswith(b"HTTP/1.1 200"), answer
        client.sendall(f"GET /raced/{i} HTTP/1.1\r\nHost: shop.example\r\n\r\n".encode())
        try:
            assert not client.recv(1000)
        except OSError:
            pass
print("done", flush=True)
sys.stdin.read()
