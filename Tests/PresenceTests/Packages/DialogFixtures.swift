import Foundation
import Primitives

@testable import Presence

/// Documents as phones publish them, written after their form.
enum DialogFixtures {
    static let alice = AddressOfRecord("alice@example.org")!

    static func document(_ dialogs: String, state: String = "full", version: Int = 4) -> String {
        "<?xml version=\"1.0\"?><dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"\(version)\" "
            + "state=\"\(state)\" entity=\"sip:alice@192.0.2.4:5060\">\(dialogs)</dialog-info>"
    }

    /// A desk phone of Yealink's: partial, with the display name in `display` and the line in a parameter.
    static let yealink = document(
        """
        <dialog id="16" call-id="c1@192.0.2.4" local-tag="lt" remote-tag="rt" direction="recipient">
          <state>early</state><local><identity display="Alice">sip:alice@example.org</identity>
          <target uri="sip:alice@192.0.2.4:5060"><param pname="+sip.rendering" pval="yes"/></target></local>
          <remote><identity display="Bob &amp; Co">sip:bob@example.org</identity>
          <target uri="sip:bob@192.0.2.5"/></remote></dialog>
        """, state: "partial")

    /// One of Polycom's: full, with elements of its own in and between those of the standard.
    static let polycom = """
        <?xml version="1.0" encoding="utf-8"?>
        <dialog-info xmlns="urn:ietf:params:xml:ns:dialog-info" xmlns:x="urn:example:phone" state="full" version="0"
            entity="sip:alice@example.org">
          <dialog id="2" call-id="c2" direction="initiator" local-tag="l2">
            <state code="180">proceeding</state><duration>3</duration>
            <local><identity>sip:alice@example.org</identity><target uri="sip:alice@192.0.2.6">
              <param pname="x-line-id" pval="0"/></target><x:line>1</x:line></local>
            <x:appearance kind="x:shared"/>
          </dialog>
        </dialog-info>
        """

    /// One of Snom's: an ended call, `display-name` instead of `display`.
    static let snom = document(
        """
        <dialog id="3c" call-id="c3" local-tag="a" remote-tag="b" direction="initiator">
          <state event="remote-bye">terminated</state>
          <replaces call-id="old" local-tag="x" remote-tag="y"/>
          <referred-by display-name="Carol">sip:carol@example.org</referred-by>
          <route-set><hop>&lt;sip:192.0.2.1;lr&gt;</hop></route-set>
        </dialog>
        """)

    static func state(_ text: String) throws -> DialogInformation { try DialogPackage.state(of: Array(text.utf8)) }

    static func composed(_ texts: [String]) throws -> String {
        String(decoding: DialogPackage.document(of: alice, from: try texts.map { try state($0) }), as: UTF8.self)
    }

    /// A whole dialog, told of in a document of its own.
    static func dialog(
        _ state: String, id: String = "1", callID: String = "call", local: String? = "l", remote: String? = "r",
        direction: String = "recipient", inner: String = ""
    ) -> String {
        let tag = { (name: String, value: String?) in value.map { " \(name)=\"\($0)\"" } ?? "" }
        return document(
            "<dialog id=\"\(id)\" call-id=\"\(callID)\"\(tag("local-tag", local))\(tag("remote-tag", remote)) "
                + "direction=\"\(direction)\"><state>\(state)</state>\(inner)</dialog>")
    }
}
