/// Why a record of a known session was not opened.
enum RecordRefusal: Error, Hashable, Sendable {
    case forged
    case replayed

    var reason: DropReason { self == .forged ? .forged : .replayed }
}
