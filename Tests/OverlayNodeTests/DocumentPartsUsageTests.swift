import Kademlia
import OverlayNode
import Primitives
import Testing

/// Documents in parts, by the documents' core alone.
struct DocumentPartsUsageTests {
    /// A document of that size whose text depends on the name in it.
    private func document(_ name: String = "bob", size: Int) -> [UInt8] { XCAPClient.list(name, paddedTo: size) }

    @Test(
        arguments: [(15_360, 0), (15_361, 2), (30_720, 2), (30_721, 3), (262_144, 18)] as [(size: Int, parts: Int)])
    func aDocumentHasAsManyPartsAsItNeeds(_ size: Int, _ parts: Int) throws {
        var store = try DocumentStore()
        let body = document(size: size)
        #expect(store.perform(.put, body: body)?.status == 201)
        #expect(store.records(.document).count == 1)
        #expect(store.records(.documentPart).count == parts)
        store.restart()
        #expect(store.perform(.get)?.body == body)
        // What has no parts costs no lookup of parts.
        #expect((store.lookups[.documentPart] ?? 0) == (parts == 0 ? 0 : 1))
    }

    @Test func aVersionThatIsReplacedMakesRoom() throws {
        var store = try DocumentStore()
        for name in ["bob", "carol", "dave"] { store.perform(.put, body: document(name, size: 50 << 10)) }
        #expect(store.records(.documentPart).count == 4)
        #expect(store.kept.keys.count { $0.kind == .documentPart } == 4)
        store.perform(.put, body: document("erin", size: 1 << 10))
        #expect(store.records(.documentPart).isEmpty)
        store.perform(.put, "other", body: document(size: 50 << 10))
        #expect(store.perform(.delete, "other")?.status == 200)
        #expect(store.records(.documentPart).isEmpty)
        #expect(!store.kept.keys.contains { $0.kind == .documentPart })
        // What says that parts are erased does not stay.
        store.advance(.hours(3))
        #expect(!store.records.keys.contains { $0.kind == .documentPart })
    }

    @Test func documentsOfAUserInPartsAreBounded() throws {
        var store = try DocumentStore()
        #expect(store.perform(.put, body: document(size: 256 << 10 + 1))?.status == 413)
        for number in 0..<4 {
            #expect(store.perform(.put, "doc\(number)", body: document(size: 256 << 10))?.status == 201)
        }
        #expect(store.perform(.put, "doc4", body: document(size: 16 << 10))?.status == 409)
        // One that fits into a record is not concerned, nor is one that takes another's place.
        #expect(store.perform(.put, "doc4", body: document(size: 15 << 10))?.status == 201)
        #expect(store.perform(.put, "doc3", body: document("carol", size: 256 << 10))?.status == 200)
        #expect(store.perform(.put, "doc3", body: document(size: 1 << 10))?.status == 200)
        #expect(store.perform(.put, "doc4", body: document(size: 16 << 10))?.status == 200)
    }

    @Test(arguments: 0...4)
    func aWriterThatDiesLeavesTheDocumentAsItWas(_ stored: Int) throws {
        var store = try DocumentStore()
        let old = document("bob", size: 50 << 10)
        store.perform(.put, body: old)
        // The process ends after so many of four parts, before the record that names them.
        var room = stored
        store.isStored = { _ in
            room -= 1
            return room >= 0
        }
        #expect(store.perform(.put, body: document("carol", size: 50 << 10)) == nil)
        store.restart()
        #expect(store.records(.documentPart).count == 4 + stored)
        #expect(store.perform(.get)?.body == old)
        // What it left behind ends within a day, the document does not.
        store.advance(.hours(25))
        #expect(store.records(.documentPart).count == 4)
        store.restart()
        #expect(store.perform(.get)?.body == old)
        #expect(store.perform(.put, body: document("dave", size: 50 << 10))?.status == 200)
        #expect(store.perform(.get)?.body == document("dave", size: 50 << 10))
    }

    @Test func aPartThatIsLostIsAnError() throws {
        var store = try DocumentStore()
        let body = document(size: 50 << 10)
        let tag = store.perform(.put, body: body)?.tag
        store.perform(.put, "small", body: XCAPClient.list("bob"))
        let lost = try #require(store.records(.documentPart).first)
        store.records[lost.identity] = nil
        store.restart()
        #expect(store.perform(.get)?.status == 500)
        #expect(store.observed.contains("document-incomplete"))
        // Those who need the lists looked twice, and the client did.
        #expect(store.lookups[.documentPart] == 4)
        #expect(store.perform(.put, body: body, ifMatch: tag)?.status == 500)
        #expect(store.perform(.delete)?.status == 500)
        #expect(store.perform(.get, "small")?.status == 200)
        // It is found again when it comes back, and made again by whoever has it.
        store.records[lost.identity] = lost
        #expect(store.perform(.get)?.body == body)
        store.records[lost.identity] = nil
        store.restart()
        #expect(store.perform(.put, body: body)?.status == 201)
        #expect(store.perform(.get)?.body == body)
    }

    @Test func aPartOfAnotherDocumentIsNotTaken() throws {
        var store = try DocumentStore()
        store.perform(.put, body: document("bob", size: 50 << 10))
        let parts = store.records(.documentPart)
        let account = try #require(store.accounts.account(store.alice))
        // The user's own signature is on it, but it is not what the head names.
        let swapped = Record(
            kind: .documentPart, domain: parts[0].domain, name: parts[0].name, key: parts[0].key, sequence: 1,
            notAfter: parts[0].notAfter, value: parts[1].value, authority: parts[0].authority,
            signingWith: account.identity.signing)
        store.records[swapped.identity] = swapped
        store.restart()
        #expect(store.perform(.get)?.status == 500)
    }

    @Test func partsAreRenewedAsLongAsTheyAreNeeded() throws {
        var store = try DocumentStore()
        let body = document(size: 50 << 10)
        store.perform(.put, body: body)
        let first = store.records(.documentPart)
        let month = RecordKind.documentPart.longestLifetime
        #expect(first.allSatisfy { $0.notAfter == store.now + month })
        // The writer is asked for successors.
        store.advance(.hours(24 * 20))
        for record in store.kept.values.sorted(by: { $0.identity < $1.identity }) { store.renew(record) }
        #expect(store.records.values.allSatisfy { $0.notAfter == store.now + month })
        // Where it is gone for good whoever reads the document sees to it.
        store.advance(.hours(24 * 25))
        store.restart()
        #expect(store.perform(.get)?.body == body)
        #expect(store.records.values.allSatisfy { $0.notAfter == store.now + month })
        // A process that knows nothing yet finds out first whether a part is needed.
        store.perform(.put, body: XCAPClient.list("carol"))
        store.restart()
        for record in first { store.renew(record) }
        #expect(!store.kept.keys.contains { $0.kind == .documentPart })
        #expect(store.records(.documentPart).isEmpty)
    }

    @Test func aRemovedUserLeavesNoParts() throws {
        var store = try DocumentStore()
        store.perform(.put, body: document(size: 50 << 10))
        #expect(store.remove().count == 1)
        #expect(store.records(.documentPart).isEmpty)
    }
}
