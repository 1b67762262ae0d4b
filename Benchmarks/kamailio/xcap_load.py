"""XCAP requests over one HTTP connection, with digest credentials that answer one challenge a user."""
import http.client

from sip_load import digest_answer

TYPE = "application/resource-lists+xml"


class XCAPLoad:
    def __init__(self, server, domain):
        self.connection = http.client.HTTPConnection(*server)
        self.domain = domain
        self.challenges = {}

    def put(self, user):
        entries = "".join(f'<entry uri="sip:friend{number}@{self.domain}"/>' for number in range(20))
        content = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">'
            f'<list name="friends">{entries}</list></resource-lists>')
        return self.request("PUT", "resource-lists", user, content, {"Content-Type": TYPE})

    def get(self, user):
        return self.request("GET", "resource-lists", user, None, {})

    def put_service(self, user, uri, entries):
        content = (
            '<?xml version="1.0" encoding="UTF-8"?>\n<rls-services xmlns="urn:ietf:params:xml:ns:rls-services" '
            f'xmlns:rl="urn:ietf:params:xml:ns:resource-lists"><service uri="{uri}"><list>'
            f'{entries.replace("<entry", "<rl:entry")}</list><packages><package>presence</package></packages></service>'
            "</rls-services>")
        return self.request("PUT", "rls-services", user, content, {"Content-Type": "application/rls-services+xml"})

    def request(self, method, usage, user, content, fields):
        """The status of the answer; a challenge is answered, and its nonce used from then on."""
        path = f"/xcap-root/{usage}/users/sip:{user}@{self.domain}/index"
        while True:
            known = self.challenges.get(user)
            if known:
                known[1] += 1
                fields = dict(
                    fields, Authorization=digest_answer(known[0], method, path, user, f"pw-{user}", known[1]))
            try:
                self.connection.request(method, path, content, fields)
                answer = self.connection.getresponse()
            except (http.client.RemoteDisconnected, ConnectionResetError):
                self.connection.close()
                continue
            answer.read()
            if answer.status != 401 or (known and known[1] > 1_000_000):
                return answer.status
            offered = answer.headers.get_all("WWW-Authenticate")
            if known and known[1] == 1:
                return answer.status
            self.challenges[user] = [next(one for one in offered if "MD5" in one or "algorithm" not in one), 0]
