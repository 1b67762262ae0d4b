/// Up to sixteen contacts, nearest first: what an answer names. It lies in place and needs no memory of its own.
package struct ContactList: Sendable, Hashable {
    private var handles = InlineArray<16, ContactHandle>(repeating: ContactHandle(index: 0))
    private var length: UInt8 = 0

    package init() {}

    /// The first sixteen of `contacts`.
    package init(_ contacts: some Sequence<ContactHandle>) {
        for contact in contacts.prefix(MessageLimits.contacts) { append(contact) }
    }

    package var count: Int { Int(length) }
    package var indices: Range<Int> { 0..<Int(length) }

    package subscript(index: Int) -> ContactHandle {
        precondition(index < length, "no such contact in the list")
        return handles[index]
    }

    /// Appends a contact, for which there must be room.
    package mutating func append(_ contact: ContactHandle) {
        precondition(length < 16, "an answer has at most sixteen contacts")
        handles[Int(length)] = contact
        length += 1
    }

    /// The first ones.
    package func prefix(_ count: Int) -> ContactList {
        var list = self
        list.length = UInt8(min(Int(length), max(count, 0)))
        return list
    }

    /// The contacts as an array.
    package var elements: [ContactHandle] { indices.map { handles[$0] } }

    package static func == (a: Self, b: Self) -> Bool {
        a.length == b.length && a.indices.allSatisfy { a.handles[$0] == b.handles[$0] }
    }

    package func hash(into hasher: inout Hasher) {
        for index in indices { hasher.combine(handles[index]) }
    }
}
