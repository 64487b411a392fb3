"""A mail server for tests: it listens on a socket, keeps what it gets, and can be rude."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class _Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            verb = line[:4].upper().decode()
            if verb == "DATA":
                self.say("354 go on")
                self.server.post.letters.append(self.read_letter())
                self.say("250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            elif verb == "RCPT" and self.server.post.refusal:
                self.say(self.server.post.refusal)
            else:
                self.say("250 ok")

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def read_letter(self):
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        return message_from_bytes(b"".join(lines), policy=policy.default)


class Post:
    """The sink: `letters` it got, `refusal` it answers to recipients, its `port`."""

    def __init__(self, port=0):
        self.letters = []
        self.refusal = ""
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", port), _Talk)
        self.server.daemon_threads = True
        self.server.post = self
        self.port = self.server.server_address[1]


@contextmanager
def open_post(port=0):
    """Run a mail server inside the block."""
    post = Post(port)
    thread = threading.Thread(target=post.server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield post
    finally:
        post.server.shutdown()
        post.server.server_close()
        thread.join()
