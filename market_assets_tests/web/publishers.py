"""Publishers on loopback: one that speaks HTTP well, and a raw socket that need not."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from werkzeug import Request as Received
from werkzeug import Response

NO_ROBOTS = b"HTTP/1.1 404 None\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


@dataclass
class Publisher:
    """Answers each path with its responses in turn, the last one for ever after."""

    server: HTTPServer
    asked: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return self.server.url_for("").rstrip("/")

    @property
    def paths(self) -> list[str]:
        return [request.path for request in self.asked]

    def answers(self, path: str, *answers: Response | Callable[[Received], Response]) -> None:
        left = list(answers)

        def answer(request: Received) -> Response:
            self.asked.append(request)
            response = left.pop(0) if len(left) > 1 else left[0]
            return response if isinstance(response, Response) else response(request)

        self.server.expect_request(path).respond_with_handler(answer)


@contextmanager
def speaking(script: Callable[[socket.socket, int], None]) -> Iterator[str]:
    """The base URL of a socket where ``script`` answers the first, second, ... question."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            turn = 0
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with connection:
                    path = connection.recv(65536).split(b" ")[1:2]
                    if path == [b"/robots.txt"]:
                        connection.sendall(NO_ROBOTS)
                    elif path:
                        script(connection, turn)
                        turn += 1

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}"
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def saying(*answers: bytes) -> Callable[[socket.socket, int], None]:
    """A script that sends the answers in turn, the last one for ever after, and hangs up."""

    def script(connection: socket.socket, turn: int) -> None:
        connection.sendall(answers[min(turn, len(answers) - 1)])

    return script


def whole(body: bytes, *headers: str) -> bytes:
    """A good answer."""
    head = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body
