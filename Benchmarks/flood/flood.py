"""Measures how long registered users wait for a gateway's answers, by turns with and without a flood from one address.

Users refresh their registrations, with their password, from an address on the loopback interface. The flood comes from
another address of this machine, which the gateway does not know from one on the network: requests that nobody
authorised, as fast as said.
"""
import argparse
import hashlib
import json
import multiprocessing
import re
import socket
import time


def register(server, address, user, sequence, authorization=""):
    return (
        f"REGISTER sip:example.org SIP/2.0\r\nVia: SIP/2.0/UDP {address};branch=z9hG4bK{user}{sequence};rport\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:{user}@example.org>;tag={user}\r\nTo: <sip:{user}@example.org>\r\n"
        f"Call-ID: {user}\r\nCSeq: {sequence} REGISTER\r\nContact: <sip:{user}@{address}>\r\nExpires: 3600\r\n"
        f"User-Agent: flood benchmark\r\n{authorization}Content-Length: 0\r\n\r\n").encode()


def authorization(challenge, user, password, count):
    read = lambda name: re.search(name + rb'="([^"]+)"', challenge).group(1).decode()
    hashed = lambda *parts: hashlib.sha256(":".join(parts).encode()).hexdigest()
    realm, nonce = read(b"realm"), read(b"nonce")
    response = hashed(
        hashed(user, realm, password), nonce, f"{count:08x}", "c0ffee", "auth", hashed("REGISTER", "sip:example.org"))
    return (
        f'Authorization: Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="sip:example.org", '
        f'algorithm=SHA-256, qop=auth, nc={count:08x}, cnonce="c0ffee", response="{response}"\r\n')


class User:
    """A phone with one request under way at a time."""

    def __init__(self, server, host, name, password):
        self.server, self.name, self.password = server, name, password
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((host, 0))
        self.socket.settimeout(0.5)
        self.address = "%s:%d" % self.socket.getsockname()
        self.sequence, self.count, self.challenge = 0, 0, None

    def exchange(self):
        """Refreshes the registration.

        Returns how long the answer took, in seconds; a challenge on the way is not counted. A lost datagram is sent
        again after half a second (RFC 3261 §17.1.2.2), and the wait for it is.
        """
        while True:
            self.sequence += 1
            credentials = ""
            if self.challenge:
                self.count += 1
                credentials = authorization(self.challenge, self.name, self.password, self.count)
            message = register(self.server, self.address, self.name, self.sequence, credentials)
            expected = f"CSeq: {self.sequence} ".encode()
            began = time.perf_counter()
            answer = self.ask(message, expected)
            elapsed = time.perf_counter() - began
            if answer.startswith(b"SIP/2.0 200"):
                return elapsed
            if not answer.startswith(b"SIP/2.0 401"):
                raise SystemExit(answer.decode())
            self.challenge, self.count = answer, 0

    def ask(self, message, expected):
        for _ in range(20):
            self.socket.sendto(message, self.server)
            try:
                while True:
                    answer = self.socket.recv(65_536)
                    if expected in answer:
                        return answer
            except TimeoutError:
                pass
        raise SystemExit("the gateway does not answer")


def flood(server, host, rate, stop, sent):
    """Sends requests of nobody, each with a transaction of its own, so many a second."""
    out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    out.bind((host, 0))
    out.setblocking(False)
    address = "%s:%d" % out.getsockname()
    began, number = time.perf_counter(), 0
    while not stop.is_set():
        due = int((time.perf_counter() - began) * rate)
        while number < due:
            number += 1
            try:
                out.sendto(register(server, address, "mallory", number), server)
            except BlockingIOError:
                pass
        time.sleep(0.002)
    sent.value = number


def quantile(samples, share):
    return sorted(samples)[min(len(samples) - 1, int(len(samples) * share))]


def measure(users, seconds, rate):
    """The times of answers, in seconds, at so many requests a second over all users."""
    samples = []
    began = time.perf_counter()
    for number in range(int(seconds * rate)):
        wait = began + number / rate - time.perf_counter()
        if wait > 0:
            time.sleep(wait)
        samples.append(users[number % len(users)].exchange())
    return samples


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server", required=True, help="ADDRESS:PORT of the gateway")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--user-host", default="127.0.0.13")
    parser.add_argument("--flood-host", required=True)
    parser.add_argument("--rate", type=int, default=200, help="requests a second of all users")
    parser.add_argument("--flood", type=int, default=10, help="how many times as many the flood sends")
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    host, port = arguments.server.rsplit(":", 1)
    server = (host, int(port))
    users = [User(server, arguments.user_host, f"user{n}", f"password {n}") for n in range(arguments.users)]
    measure(users, 2, arguments.rate)
    idle, flooded, count = [], [], 0
    for _ in range(arguments.rounds):
        idle += measure(users, arguments.seconds, arguments.rate)
        stop, sent = multiprocessing.Event(), multiprocessing.Value("Q", 0)
        other = multiprocessing.Process(
            target=flood, args=(server, arguments.flood_host, arguments.rate * arguments.flood, stop, sent))
        other.start()
        time.sleep(1)
        flooded += measure(users, arguments.seconds, arguments.rate)
        stop.set()
        other.join()
        count += sent.value
        # The flooded address has its burst again, as at the beginning.
        time.sleep(6)
    result = {
        "flood.sent": count, "answers": len(idle),
        "idle.p50": quantile(idle, 0.5) * 1e3, "idle.p99": quantile(idle, 0.99) * 1e3,
        "flooded.p50": quantile(flooded, 0.5) * 1e3, "flooded.p99": quantile(flooded, 0.99) * 1e3,
    }
    result["ratio.p99"] = result["flooded.p99"] / result["idle.p99"]
    print(json.dumps({name: round(value, 3) for name, value in result.items()}, indent=2))


if __name__ == "__main__":
    main()
