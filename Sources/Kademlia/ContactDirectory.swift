import Identity
import Primitives

/// The contacts that a core knows, each under a handle.
///
/// A node has a directory of its own and reclaims what it no longer refers to (``Kademlia/sweepContacts(keeping:)``).
/// The nodes of a simulation share one that is complete before they start.
///
/// Unchecked Sendable is sound because a directory is changed only by the one core that owns it, while nobody else
/// reads it, or, if shared, before the first core runs.
package final class ContactDirectory: @unchecked Sendable {
    /// What is asked of a contact most often, side by side.
    private struct Glance {
        /// The first 64 bits of its ID, which mostly tell contacts apart.
        let head: UInt64
        /// Its ``AddressBlock/mark``.
        let mark: UInt32
    }

    /// Never moves: a core reads it on every event.
    private let slots: UnsafeMutablePointer<Contact>
    /// What is mostly enough to know of each contact: a table that fits into a cache.
    private let glances: UnsafeMutablePointer<Glance>
    package let capacity: Int
    /// Slots that have been used at some time.
    private var used = 0
    private var free: [ContactHandle] = []
    private var handles: [Contact: ContactHandle] = [:]
    private let exemptPrefixes: [AddressPrefix]
    private let isShared: Bool

    /// An empty directory.
    ///
    /// - Parameter capacity: how many contacts find room; memory is only taken for those that are there.
    /// - Parameter exemptPrefixes: see ``KademliaConfiguration/exemptPrefixes``.
    /// - Parameter isShared: whether many cores use it, so that none of them may reclaim anything.
    package init(capacity: Int, exemptPrefixes: [AddressPrefix], isShared: Bool = false) {
        self.capacity = capacity
        self.exemptPrefixes = exemptPrefixes
        self.isShared = isShared
        slots = .allocate(capacity: capacity)
        glances = .allocate(capacity: capacity)
    }

    // Contacts and glances are plain bits: nothing in them is to be destroyed.
    deinit {
        slots.deallocate()
        glances.deallocate()
    }

    /// Contacts that are there.
    package var count: Int { used - free.count }

    /// Whether a core may free what it does not refer to.
    var isReclaimed: Bool { !isShared }

    @inline(__always)
    package subscript(handle: ContactHandle) -> Contact { slots[Int(handle.index)] }

    @inline(__always)
    func bits(_ handle: ContactHandle) -> Bits256 { slots[Int(handle.index)].nodeID.bits }

    /// The first 64 bits of a contact's ID.
    @inline(__always)
    func head(_ handle: ContactHandle) -> UInt64 { glances[Int(handle.index)].head }

    @inline(__always)
    func nodeID(_ handle: ContactHandle) -> NodeID { slots[Int(handle.index)].nodeID }

    /// Whether a contact has this ID; what lies in main memory is read only if it nearly has.
    @inline(__always)
    func hasID(_ handle: ContactHandle, _ id: NodeID) -> Bool {
        head(handle) == id.bits.words[0] && nodeID(handle) == id
    }

    /// Names the memory that is read to tell a contact from others.
    @inline(__always)
    func touches(_ handle: ContactHandle, _ use: (UnsafeRawPointer, Int) -> Void) {
        use(glances + Int(handle.index), MemoryLayout<Glance>.stride)
    }

    /// A hash of the contact's address block; 0 when limits of address diversity do not apply to it.
    @inline(__always)
    func mark(_ handle: ContactHandle) -> UInt32 { glances[Int(handle.index)].mark }

    /// The handle of a contact, which is added if it is new; nil when there is no room.
    package func handle(of contact: Contact) -> ContactHandle? {
        if let known = handles[contact] { return known }
        guard let handle = add(contact) else { return nil }
        handles[contact] = handle
        return handle
    }

    /// Adds a contact that is known to be new, without the means to find it again by its value; nil when there is no
    /// room.
    package func add(_ contact: Contact) -> ContactHandle? {
        let handle: ContactHandle
        if let last = free.popLast() {
            handle = last
        } else {
            guard used < capacity else { return nil }
            handle = ContactHandle(index: UInt32(used))
            used += 1
        }
        (slots + Int(handle.index)).initialize(to: contact)
        let block = AddressBlock(contact.endpoint.address, exempt: exemptPrefixes)
        (glances + Int(handle.index)).initialize(
            to: Glance(head: contact.nodeID.bits.words[0], mark: block?.mark ?? 0))
        return handle
    }

    /// Frees all contacts but those that `isKept` names.
    func reclaim(keeping isKept: (ContactHandle) -> Bool) {
        for contact in handles.keys.sorted(by: { $0.nodeID < $1.nodeID }) {
            guard let handle = handles[contact], !isKept(handle) else { continue }
            handles[contact] = nil
            free.append(handle)
        }
    }
}
