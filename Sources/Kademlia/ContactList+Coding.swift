import Identity
import Primitives

extension ContactList {
    /// The count in a byte, then the contacts.
    func write(to writer: inout ByteWriter, _ directory: ContactDirectory) {
        writer.uint8(UInt8(count))
        for index in indices { directory[self[index]].write(to: &writer) }
    }

    init(from reader: inout ByteReader, _ handle: (Contact) -> ContactHandle?) throws(MalformedBytes) {
        self.init()
        let count = Int(try reader.uint8())
        guard count <= MessageLimits.contacts else { throw MalformedBytes("too many contacts") }
        for _ in 0..<count {
            if let contact = handle(try Contact(from: &reader)) { append(contact) }
        }
    }
}
