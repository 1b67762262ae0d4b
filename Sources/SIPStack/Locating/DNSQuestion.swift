/// What is asked of the DNS.
package struct DNSQuestion: Hashable, Sendable, CustomStringConvertible {
    /// In lower case, without the dot at the end.
    package let name: String
    package let type: DNSRecordType

    package init(_ name: String, _ type: DNSRecordType) {
        self.name = name.lowercased()
        self.type = type
    }

    package var description: String { "\(name) \(type)" }
}
