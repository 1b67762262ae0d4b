/// What kind of state an entry of the journal holds; the shell keeps one table for each.
package enum JournalRoom: String, CaseIterable, Codable, Sendable {
    /// Domains this node belongs to, with the keys it holds for them. Key: the domain's name.
    case domain
    /// Accounts whose users this node speaks for. Key: the address-of-record.
    case account
    /// Invitations this node has given out and may still honour. Key: the invitation's ID.
    case invitation
    /// Contact bindings of the registrar. Key and value are the registrar's.
    case binding
    /// Rules for those who watch users, as the presence agent keeps them. Key and value are the presence agent's.
    case presenceRules
    /// Since when users are seen nowhere. Key and value are the presence agent's.
    case absence
    /// Publications of the presence agent. Key and value are the presence agent's.
    case publication
    /// Subscriptions of the presence agent. Key and value are the presence agent's.
    case subscription
    /// Calls that go on. Key and value are the dialog tracker's.
    case call
    /// Records this node stores or keeps alive in the overlay. Key and value are Kademlia's.
    case record
    /// Nodes of the overlay known to answer. Key: the public key.
    case contact
}
