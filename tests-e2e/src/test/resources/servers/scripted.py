"""Plays one end of each conversation in a folder over TCP, one connection each, in order of file name.

usage: scripted.py server|client PORT FOLDER SPLIT   (SPLIT: bytes per send and receive; 0: as the step is)

A conversation is JSON: {"steps": [{"client": text} | {"server": text} | {"shutdown": who} | {"close": who} | {"reset": who} | {"repeat": n, "client"|"server": text}
| {"reconnect": who closes the connection before the next one}], "splits": [those it is played with, else all], ...}.
Text that one end sends, the other receives, all of it, before the next step. "{id}" becomes the conversation's name and the split, "{n}" which of the repeated ones it is.
"""
import json
import os
import socket
import struct
import sys
import time

me, port, folder, split = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4])


def receive(connection, length):
    while length:
        part = connection.recv(min(length, split) if split else length)
        if not part:
            return
        length -= len(part)


def send(connection, data):
    size = split or len(data)
    for start in range(0, len(data), size):
        connection.sendall(data[start:start + size])


def reconnect(connection, who):
    if who != me:
        connection.recv(1)
    connection.close()
    return connected()


def play(connection, steps, identity):
    for step in steps:
        if "reconnect" in step:
            connection = reconnect(connection, step["reconnect"])
        for who in ("client", "server"):
            if who in step:
                text = step[who].replace("{id}", identity)
                data = "".join(text.replace("{n}", str(n)) for n in range(step.get("repeat", 1))).encode("latin-1")
                send(connection, data) if who == me else receive(connection, len(data))
        if "shutdown" in step:
            connection.shutdown(socket.SHUT_WR) if step["shutdown"] == me else connection.recv(1)
        if "close" in step or "reset" in step:
            if me == step.get("reset"):
                time.sleep(0.2)  # a reset overtakes what the peer has not read yet
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            if me not in (step.get("close"), step.get("reset")):
                try:
                    connection.recv(1)
                except ConnectionResetError:
                    pass  # what this conversation is about
            break
    connection.close()


def conversations():
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            conversation = json.load(file)
        if split in conversation.get("splits", [split]):
            yield conversation["steps"], f"{name.removesuffix('.json')}-{split}"


listener = socket.create_server(("127.0.0.1", port)) if me == "server" else None


def connected():
    connection = listener.accept()[0] if listener else socket.create_connection(("127.0.0.1", port))
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


for script, name in conversations():
    play(connected(), script, name)
