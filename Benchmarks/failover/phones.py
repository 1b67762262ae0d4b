"""Telephones that register, call each other and answer, all on UDP sockets of one process (RFC 3261)."""
import heapq
import os
import re
import select
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "kamailio"))
from sip_load import MIRRORED, digest_answer, field  # noqa: E402

T1, T2, TIMEOUT = 0.5, 4.0, 32.0
CHALLENGE = re.compile(rb"\r\n(?:WWW|Proxy)-Authenticate\s*:\s*([^\r]+)", re.I)
RECORD_ROUTE = re.compile(rb"\r\nRecord-Route\s*:\s*([^\r]+)", re.I)


class Exchange:
    """A request that is sent until it is answered: again with credentials when it is challenged (§22), and again after
    T1, twice T1 and so on when nothing comes (§17.1)."""

    def __init__(self, phones, request, user, server, then):
        self.phones, self.request, self.user, self.server, self.then = phones, request, user, server, then
        self.began = time.monotonic()
        self.interval = T1
        self.send()

    def send(self, credentials=None):
        self.branch = f"z9hG4bK{self.phones.token()}"
        extra = [f"{'Proxy-' if self.request['method'] != 'REGISTER' else ''}Authorization: {credentials}"] \
            if credentials else []
        self.bytes = self.phones.text(self.request, self.branch, extra)
        self.phones.exchanges[self.branch] = self
        self.phones.socket.sendto(self.bytes, self.server)
        self.phones.at(self.interval, self.again, self.branch)

    def again(self, branch):
        if self.phones.exchanges.get(branch) is not self:
            return
        if time.monotonic() - self.began > TIMEOUT:
            del self.phones.exchanges[branch]
            return self.then("408", None)
        self.interval = min(2 * self.interval, T2 if self.request["method"] != "INVITE" else TIMEOUT)
        if not getattr(self, "is_proceeding", False):
            self.phones.socket.sendto(self.bytes, self.server)
        self.phones.at(self.interval, self.again, branch)

    def answered(self, status, message):
        method = self.request["method"]
        if status[0] == "1":
            self.is_proceeding = method == "INVITE"
            return
        del self.phones.exchanges[self.branch]
        if method == "INVITE" and status[0] != "2":
            # §17.1.1.3: the ACK to a refusal belongs to its transaction.
            ack = dict(self.request, method="ACK", to_tag=field(message, "tag"), body=b"", extra=[])
            self.phones.socket.sendto(self.phones.text(ack, self.branch), self.server)
        challenges = CHALLENGE.findall(message)
        if status in ("401", "407") and challenges and "tried" not in self.request:
            challenge = next(one.decode() for one in challenges if b"MD5" in one or b"algorithm" not in one)
            self.request = dict(self.request, tried=True, sequence=self.request["sequence"] + 1)
            self.interval = T1
            return self.send(digest_answer(
                challenge, method, self.request["uri"], self.user, self.phones.password(self.user)))
        self.then(status, message)


class Phones:
    def __init__(self, domain, password, hold, address="127.0.0.1"):
        self.domain, self.password, self.hold = domain, password, hold
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
        self.socket.bind((address, 0))
        self.address = "%s:%d" % self.socket.getsockname()
        self.exchanges, self.answers, self.timers = {}, {}, []
        self.run, self.count = f"{os.getpid():x}", 0

    def token(self):
        self.count += 1
        return f"{self.run}x{self.count:x}"

    # Time

    def at(self, delay, what, *arguments):
        self.count += 1
        heapq.heappush(self.timers, (time.monotonic() + delay, self.count, what, arguments))

    def work(self, until):
        """Sends and answers until `until()` is true."""
        while not until():
            now = time.monotonic()
            while self.timers and self.timers[0][0] <= now:
                _, _, what, arguments = heapq.heappop(self.timers)
                what(*arguments)
            wait = self.timers[0][0] - time.monotonic() if self.timers else 0.1
            if not select.select([self.socket], [], [], min(0.1, max(0, wait)))[0]:
                continue
            for _ in range(64):
                try:
                    message, source = self.socket.recvfrom(65535, socket.MSG_DONTWAIT)
                except BlockingIOError:
                    break
                self.received(message, source)

    # Messages

    def text(self, request, branch, extra=()):
        head = [
            f"{request['method']} {request['uri']} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.address};branch={branch};rport",
            "Max-Forwards: 70",
            *(f"Route: {route}" for route in request.get("routes", [])),
            f"From: <sip:{request['from']}@{self.domain}>;tag={request['from_tag']}",
            f"To: <sip:{request['to']}@{self.domain}>" + (f";tag={request['to_tag']}" if request.get("to_tag") else ""),
            f"Call-ID: {request['call']}",
            f"CSeq: {request['sequence']} {request['method']}",
            f"Contact: <sip:{request['from']}@{self.address}>",
            *request.get("extra", []),
            *extra,
            f"Content-Length: {len(request.get('body', b''))}", "", "",
        ]
        return "\r\n".join(head).encode() + request.get("body", b"")

    def received(self, message, source):
        if message.startswith(b"SIP/2.0 "):
            branch = re.search(rb"branch=([^;,\r\s]+)", message)
            exchange = self.exchanges.get(branch.group(1).decode()) if branch else None
            if exchange:
                exchange.answered(message[8:11].decode(), message)
            return
        method = message[: message.find(b" ")]
        head = message[: message.find(b"\r\n\r\n") + 2]
        key = (field(message, "call"), method)
        if method == b"ACK":
            self.answers.pop((key[0], b"INVITE"), None)
            return
        tag = field(message, "tag")
        mirrored = b"".join(
            line.replace(b"\r\n", f";tag={self.token()}\r\n".encode()) if not tag and line[:3].lower() == b"to:" else line
            for line in MIRRORED.findall(head))
        contact = f"Contact: <sip:{self.address}>\r\n".encode()
        answer = b"SIP/2.0 200 OK\r\n" + mirrored + contact + b"Content-Length: 0\r\n\r\n"
        if method == b"INVITE":
            if key in self.answers:
                answer = self.answers[key]
            else:
                self.answers[key] = answer
                self.at(T1, self.answer_again, key, source, T1, time.monotonic())
        self.socket.sendto(answer, source)

    def answer_again(self, key, source, interval, began):
        """§13.3.1.4: a 200 is sent until its ACK comes."""
        answer = self.answers.get(key)
        if answer is None or time.monotonic() - began > TIMEOUT:
            self.answers.pop(key, None)
            return
        self.socket.sendto(answer, source)
        self.at(min(2 * interval, T2), self.answer_again, key, source, min(2 * interval, T2), began)

    # What people do

    def register(self, user, server, then):
        request = {
            "method": "REGISTER", "uri": f"sip:{self.domain}", "from": user, "to": user, "from_tag": self.token(),
            "call": self.token(), "sequence": 1, "extra": ["Expires: 600"]}
        Exchange(self, request, user, server, lambda status, _: then(status))

    def call(self, caller, callee, server, then):
        """A call that is hung up after `hold` seconds. `then` gets the status of INVITE, and that of BYE or None."""
        invite = {
            "method": "INVITE", "uri": f"sip:{callee}@{self.domain}", "from": caller, "to": callee,
            "from_tag": self.token(), "call": self.token(), "sequence": 1}
        exchange = None

        def answered(status, message):
            if status[0] != "2":
                return then(status, None)
            routes = [one.strip() for line in RECORD_ROUTE.findall(message) for one in line.decode().split(",")]
            dialog = dict(
                exchange.request, uri=field(message, "contact"), to_tag=field(message, "tag"), routes=routes[::-1])
            dialog.pop("tried", None)
            self.socket.sendto(self.text(dict(dialog, method="ACK"), f"z9hG4bK{self.token()}"), server)
            bye = dict(dialog, method="BYE", sequence=dialog["sequence"] + 1)
            self.at(self.hold, lambda: Exchange(self, bye, caller, server, lambda code, _: then(status, code)))

        exchange = Exchange(self, invite, caller, server, answered)
