/// The contacts that were lost last, which are tried again now and then.
///
/// Most are gone for good. But where the network fell in two parts, all of the other part are among them, and one that
/// answers again brings the parts together.
struct EstrangedContacts: Sendable {
    private var contacts = InlineArray<16, ContactHandle>(repeating: ContactHandle(index: 0))
    private(set) var count = 0
    private var oldest = 0

    /// Notes a contact that was lost; when there are too many the one lost longest ago is forgotten.
    mutating func add(_ contact: ContactHandle) {
        guard !elements.contains(contact) else { return }
        if count < contacts.count {
            contacts[count] = contact
            count += 1
        } else {
            contacts[oldest] = contact
            oldest = (oldest + 1) % contacts.count
        }
    }

    /// Forgets a contact that is back.
    ///
    /// - Returns: whether it was among them.
    mutating func remove(_ contact: ContactHandle) -> Bool {
        guard let index = (0..<count).first(where: { contacts[$0] == contact }) else { return false }
        count -= 1
        contacts[index] = contacts[count]
        oldest = 0
        return true
    }

    /// One of them, by a random number.
    func pick(_ random: UInt64) -> ContactHandle? { count == 0 ? nil : contacts[Int(random % UInt64(count))] }

    var elements: [ContactHandle] { (0..<count).map { contacts[$0] } }
}
