import Primitives

extension ResourceID {
    /// Where a resource lives: BLAKE2b-256 over the kind (two bytes, most significant first), the key of the domain
    /// and the name. Because the domain's key is part of it, nobody can squat a name in another's domain.
    ///
    /// - Parameter name: the canonical name within the domain: for what belongs to a user the user part of the
    ///   address of record as ``AddressOfRecord`` gives it.
    package init(kind: UInt16, domain: PublicSigningKey, name: String) {
        let kindBytes = [UInt8(kind >> 8), UInt8(kind & 255)]
        self.init(bits: Hash.blake2b256(kindBytes, domain.bytes, Array(name.utf8)))
    }
}
