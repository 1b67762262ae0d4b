import Primitives
import SIPMessages

/// Decides which requests are turned away when there are more than can be served, and what upstream is told of it
/// (RFC 7339, loss-based).
///
/// What it goes by is how busy whoever drives the core has been. While that is more than it should be, the pressure
/// rises up to 3: up to 1 it turns away more and more of the requests that set up event state, up to 2 of all others
/// outside a dialog, up to 3 of those within one. Calls for help are never turned away.
package struct OverloadControl: Sendable {
    /// What is turned away first, second and last.
    package enum Priority: Int, Sendable {
        case eventState, request, dialog
        /// Never turned away.
        case emergency
    }

    /// The share of time for which to be busy is well.
    private static let target = 0.85
    /// How fast the pressure rises and falls, for each second and unit of what is too much or too little.
    private static let rise = 8.0
    private static let fall = 2.0
    /// A time without news that is longer says nothing more of what was too much.
    private static let longestRise = 1.0
    /// For how many seconds of nothing but work nobody is turned away yet: a burst is no overload, and phones that are turned
    /// away tend to come back at once.
    private static let patience = 15.5
    private static let calm = -(1 - target) * rise * patience
    /// RFC 7339 §4.3: what clients are told is good for so long, in milliseconds.
    private static let validity = 500

    /// Up to 0 for no overload, up to 3. It begins far below 0 (``patience``).
    package private(set) var pressure = OverloadControl.calm
    private var noted: Instant?
    /// When what upstream is told last changed: RFC 7339 §4.4 has a time stamp as sequence number.
    private var changed = Instant(nanoseconds: 0)

    package init() {}

    /// Takes note of how busy the core's driver was since the last time.
    ///
    /// - Parameter busy: the share of the time, from 0 to 1.
    package mutating func note(busy: Double, at now: Instant) {
        let elapsed = noted.map { max(0, Double((now - $0).nanoseconds) / 1e9) } ?? 0
        noted = now
        let before = lossPercent
        let excess = min(max(busy, 0), 1) - Self.target
        pressure += excess > 0 ? excess * Self.rise * min(elapsed, Self.longestRise) : excess * Self.fall * elapsed
        pressure = min(max(pressure, Self.calm), 3)
        if lossPercent != before { changed = now }
    }

    /// How much of all requests upstream should keep to itself, in percent (RFC 7339 §7).
    package var lossPercent: Int { Int((max(pressure, 0) / 3 * 100).rounded()) }

    /// Whether a request is turned away.
    ///
    /// - Parameter draw: a random number from 0 to 1.
    package func sheds(_ priority: Priority, draw: Double) -> Bool {
        pressure > 0 && priority != .emergency && draw < pressure - Double(priority.rawValue)
    }

    /// Where a request stands. RFC 7339 §5.10.1: what keeps calls going comes before what begins them, and emergencies
    /// before all.
    package static func priority(of request: SIPMessage) -> Priority {
        if request.requestURI?.isEmergencyService == true { return .emergency }
        guard let to = try? request.to, to.tag != nil else {
            switch request.method {
            case .subscribe, .publish, .options: return .eventState
            // RFC 3261 §9.2: a CANCEL takes load away.
            case .cancel: return .dialog
            default: return .request
            }
        }
        return to.uri.isEmergencyService ? .emergency : .dialog
    }

    /// Whether the sender of a request with this Via wants to be told: it has an `oc` without a value, and knows the
    /// algorithm (RFC 7339 §4.1, §4.2).
    static func isWanted(by via: Via) -> Bool {
        guard via.parameters["oc"] == "" else { return false }
        guard let names = via.parameters["oc-algo"] else { return true }
        return names.split(separator: ",").contains { $0.filter { $0 != " " }.lowercased() == "loss" }
    }

    /// The response with what its receiver is told in its top Via (RFC 7339 §5.2); unchanged when it has none to tell.
    func telling(_ response: SIPMessage) -> SIPMessage {
        guard var via = try? response.topVia else { return response }
        let loss = lossPercent
        via.parameters.set("oc", String(loss))
        via.parameters.set("oc-algo", "\"loss\"")
        // RFC 7339 §5.7: 0 says that there is no overload, or none any more.
        via.parameters.set("oc-validity", String(loss == 0 ? 0 : Self.validity))
        let thousandths = String(1_000 + changed.nanoseconds / 1_000_000 % 1_000).dropFirst()
        via.parameters.set("oc-seq", "\(changed.secondsSince1970).\(thousandths)")
        return response.editing { $0.replaceFirst(.via, via.description) }
    }
}
