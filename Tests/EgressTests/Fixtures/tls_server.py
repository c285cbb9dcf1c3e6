"""A TLS server for the egress tests: HTTP/1.1, or just enough of HTTP/2 to be faulty on purpose.

usage: tls_server.py CERTIFICATE KEY MODE

Prints its port, then one line for each request that it read in full. Ends with the line `end` when a line or the end
comes on its stdin.
Modes: h1            answers everything
       h2            answers everything
       h2-pair       answers no request before two are open on one connection
       h2-refuse     refuses the first stream of every connection as not processed
       h2-goaway     says goodbye instead of answering: the stream was not processed
       h2-close      reads the second request of a connection in full and closes
"""
import os
import socket
import ssl
import struct
import sys
import threading

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY = 0, 1, 3, 4, 6, 7
END_STREAM, ACK, END_HEADERS = 1, 1, 4
REFUSED_STREAM = 7
STATUS_200 = b"\x88"  # HPACK's static table

certificate, key, mode = sys.argv[1:4]
say = threading.Lock()


def report(text):
    with say:
        print(text, flush=True)


def read_exactly(stream, count):
    data = b""
    while len(data) < count:
        more = stream.recv(count - len(data))
        if not more:
            raise ConnectionError
        data += more
    return data


def serve_http1(stream, number):
    data = b""
    while True:
        while b"\r\n\r\n" not in data:
            more = stream.recv(65536)
            if not more:
                return
            data += more
        data = data.split(b"\r\n\r\n", 1)[1]
        report(f"request {number}")
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh1")


def frame(kind, flags, stream_id, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream_id) + payload


def answer(stream_id):
    return frame(HEADERS, END_HEADERS, stream_id, STATUS_200) + frame(DATA, END_STREAM, stream_id, b"h2")


def serve_http2(stream, number):
    read_exactly(stream, 24)
    stream.sendall(frame(SETTINGS, 0, 0))
    complete = []
    while True:
        head = read_exactly(stream, 9)
        length, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
        stream_id = int.from_bytes(head[5:9], "big") & 0x7FFFFFFF
        payload = read_exactly(stream, length)
        if kind == SETTINGS and not flags & ACK:
            stream.sendall(frame(SETTINGS, ACK, 0))
        elif kind == PING and not flags & ACK:
            stream.sendall(frame(PING, ACK, 0, payload))
        elif kind in (HEADERS, DATA) and flags & END_STREAM:
            complete.append(stream_id)
            report(f"request {number}")
            if mode == "h2-pair":
                if len(complete) == 2:
                    stream.sendall(answer(complete[0]) + answer(complete[1]))
            elif mode == "h2-refuse" and len(complete) == 1:
                stream.sendall(frame(RST_STREAM, 0, stream_id, struct.pack(">I", REFUSED_STREAM)))
            elif mode == "h2-goaway":
                stream.sendall(frame(GOAWAY, 0, 0, struct.pack(">II", 0, 0)))
            elif mode == "h2-close" and len(complete) == 2:
                return
            else:
                stream.sendall(answer(stream_id))


def serve(plain, number):
    try:
        with context.wrap_socket(plain, server_side=True) as stream:
            (serve_http2 if stream.selected_alpn_protocol() == "h2" else serve_http1)(stream, number)
    except (OSError, ConnectionError):
        pass


def accept():
    number = 0
    while True:
        plain, _ = listener.accept()
        plain.settimeout(10)
        number += 1
        threading.Thread(target=serve, args=(plain, number), daemon=True).start()


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
context.set_alpn_protocols(["http/1.1"] if mode == "h1" else ["h2"])
listener = socket.create_server(("127.0.0.1", 0), backlog=64)
report(listener.getsockname()[1])
threading.Thread(target=accept, daemon=True).start()
sys.stdin.readline()
report("end")
os._exit(0)
