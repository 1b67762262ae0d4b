"""A SIP user agent client that keeps many requests under way over one UDP socket, and answers every NOTIFY."""
import hashlib
import re
import select
import socket
import time

RETRANSMISSION = 0.5
MIRRORED = re.compile(rb"^(?:Via|v|From|f|To|t|Call-ID|i|CSeq|Record-Route)\s*:.*\r\n", re.M | re.I)
FIELDS = {
    "call": re.compile(rb"\r\n(?:Call-ID|i)\s*:\s*(\S+)", re.I),
    "cseq": re.compile(rb"\r\nCSeq\s*:\s*(\d+)", re.I),
    "tag": re.compile(rb"\r\n(?:To|t)\s*:[^\r]*;tag=([^;\r\s]+)", re.I),
    "contact": re.compile(rb"\r\n(?:Contact|m)\s*:[^\r<]*<([^>]+)>", re.I),
    "etag": re.compile(rb"\r\nSIP-ETag\s*:\s*(\S+)", re.I),
    "state": re.compile(rb"\r\nSubscription-State\s*:\s*(\w+)", re.I),
}


def field(message, name):
    found = FIELDS[name].search(message)
    return found.group(1).decode() if found else None


def body(message):
    return message[message.find(b"\r\n\r\n") + 4 :]


def digest_answer(challenge, method, uri, user, password, count=1):
    """The value of Authorization for a challenge with MD5 and qop=auth (RFC 7616 §3.4)."""
    read = lambda name: (re.search(name + r'="?([^",\r]+)', challenge) or [None, ""])[1]
    hashed = lambda *parts: hashlib.md5(":".join(parts).encode()).hexdigest()
    realm, nonce, opaque = read("realm"), read("nonce"), read("opaque")
    number, own = f"{count:08x}", "c0ffee"
    response = hashed(
        hashed(user, realm, password), nonce, number, own, "auth", hashed(method, uri))
    answer = (
        f'Digest username="{user}", realm="{realm}", nonce="{nonce}", uri="{uri}", algorithm=MD5, qop=auth, '
        f'nc={number}, cnonce="{own}", response="{response}"')
    return answer + (f', opaque="{opaque}"' if opaque else "")


class Request:
    """A request as it is sent first, and again with credentials when it is challenged."""

    def __init__(self, method, uri, user, call, sequence, fields, content=b"", to_tag=None):
        self.method, self.uri, self.user, self.call, self.sequence = method, uri, user, call, sequence
        self.fields, self.content, self.to_tag = fields, content, to_tag
        self.key = None

    def bytes(self, load, credentials=None):
        target = self.fields["To"]
        lines = [
            f"{self.method} {self.uri} SIP/2.0",
            f"Via: SIP/2.0/UDP {load.address};branch=z9hG4bK{load.run}{self.call}.{self.sequence}",
            "Max-Forwards: 70",
            f"From: <sip:{self.user}@{load.domain}>;tag={load.run}{self.call}",
            f"To: <{target}>" + (f";tag={self.to_tag}" if self.to_tag else ""),
            f"Call-ID: {load.run}-{self.call}",
            f"CSeq: {self.sequence} {self.method}",
        ]
        lines += [f"{name}: {value}" for name, value in self.fields.items() if name != "To"]
        if credentials:
            lines.append(f"Authorization: {credentials}")
        lines += [f"Content-Length: {len(self.content)}", "", ""]
        self.key = (f"{load.run}-{self.call}", self.sequence)
        return "\r\n".join(lines).encode() + self.content


class Load:
    def __init__(self, server, domain, run):
        self.server, self.domain, self.run = server, domain, run
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "%s:%d" % self.socket.getsockname()
        self.repeated = 0
        self.failures = {}

    def receive(self, timeout):
        """The next message; a NOTIFY has been answered by then. None when nothing came in time."""
        if not select.select([self.socket], [], [], max(0, timeout))[0]:
            return None
        message, source = self.socket.recvfrom(65535)
        if message.startswith(b"NOTIFY "):
            head = message[: message.find(b"\r\n\r\n") + 2]
            answer = b"SIP/2.0 200 OK\r\n" + b"".join(MIRRORED.findall(head)) + b"Content-Length: 0\r\n\r\n"
            self.socket.sendto(answer, source)
        return message

    def perform(self, jobs, window=64, notified=None, timeout=60):
        """Runs generators of requests, `window` at a time, until all are done.

        A job yields a Request to send it and receives its final response, or yields the number of the NOTIFY of its
        dialog that it waits for and receives that NOTIFY.
        """
        waiting, awaited, seen, jobs = {}, {}, {}, iter(jobs)
        last = time.monotonic()
        running = 0

        def advance(job, value):
            nonlocal running
            try:
                step = job.send(value)
            except StopIteration:
                running -= 1
                return
            if isinstance(step, Request):
                data = step.bytes(self)
                waiting[step.key] = [job, step, data, time.monotonic()]
                self.socket.sendto(data, self.server)
            else:
                call, number = step
                key = f"{self.run}-{call}"
                if len(seen.get(key, [])) >= number:
                    advance(job, seen[key][number - 1])
                else:
                    awaited[key] = (job, number)

        exhausted = False
        while True:
            while running < window and not exhausted:
                job = next(jobs, None)
                exhausted = job is None
                if job is not None:
                    running += 1
                    advance(job, None)
            if running == 0 and exhausted:
                return
            message = self.receive(RETRANSMISSION)
            now = time.monotonic()
            if message is None:
                self.repeat(waiting, now)
                if now - last > timeout:
                    raise TimeoutError(f"{running} jobs are stuck: {list(waiting)[:2]} {list(awaited)[:2]}")
                continue
            last = now
            key = field(message, "call")
            if message.startswith(b"NOTIFY "):
                sequence = field(message, "cseq")
                known = seen.setdefault(key, [])
                # One that came twice counts once.
                if all(field(one, "cseq") != sequence for one in known[-3:]):
                    known.append(message)
                if key in awaited and len(known) >= awaited[key][1]:
                    job, number = awaited.pop(key)
                    advance(job, known[number - 1])
            elif message[8:9] != b"1":
                entry = waiting.pop((key, int(field(message, "cseq"))), None)
                if entry:
                    self.answered(entry, message, waiting, advance)

    def answered(self, entry, message, waiting, advance):
        job, request, _, _ = entry
        status = message[8:11].decode()
        if status == "401":
            request.sequence += 1
            challenges = re.findall(rb"\r\nWWW-Authenticate\s*:\s*([^\r]+)", message, re.I)
            challenge = next(one.decode() for one in challenges if b"MD5" in one or b"algorithm" not in one)
            credentials = digest_answer(
                challenge, request.method, request.uri, request.user, f"pw-{request.user}")
            data = request.bytes(self, credentials)
            waiting[request.key] = [job, request, data, time.monotonic()]
            self.socket.sendto(data, self.server)
            return
        if status[0] != "2":
            self.failures[status] = self.failures.get(status, 0) + 1
        advance(job, message)

    def repeat(self, waiting, now):
        for entry in waiting.values():
            if now - entry[3] >= RETRANSMISSION:
                entry[3] = now
                self.repeated += 1
                self.socket.sendto(entry[2], self.server)

    def drain(self, quiet):
        """Answers what still comes until nothing has come for `quiet` seconds."""
        while self.receive(quiet) is not None:
            pass
