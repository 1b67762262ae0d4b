import SIPMessages

extension Router {
    /// What a URI says as a GRUU; nil for one that does not say that it is one.
    ///
    /// RFC 5627 §3.1.1: the parameter `gr` makes a URI a GRUU, with a value a public one. Which domain it belongs to is
    /// not asked here.
    func gruu(at uri: SIPURI) -> GRUU? {
        guard uri.isSIP, let instance = uri.parameter("gr") else { return nil }
        if GRUU.isTemporary(uri) { return temporaryGRUUs.read(uri) }
        guard !instance.isEmpty, let aor = uri.addressOfRecord else { return .invalid }
        return .device(aor, instance: Binding.canonicalInstance("<\(instance)>"))
    }
}
