import Primitives
import SIPMessages

/// How often a subscriber is notified, as agreed with it (RFC 6446 §9.1); nil for what it did not ask for.
struct EventRates: Hashable, Sendable {
    /// No more often than this: news that come sooner wait, the newest in the place of older ones.
    var maximum: EventRate?
    /// At least so often, news or not.
    var minimum: EventRate?
    /// At least so often on the average.
    var adaptiveMinimum: EventRate?

    private static let maximumName = "max-rate"
    private static let minimumName = "min-rate"
    private static let adaptiveMinimumName = "adaptive-min-rate"

    /// What the parameters of an Event header field ask for. What is not well formed asks for nothing: that it is not
    /// reflected tells the subscriber so.
    init(askedBy parameters: Parameters) {
        maximum = parameters[Self.maximumName].flatMap { EventRate($0) }
        minimum = parameters[Self.minimumName].flatMap { EventRate($0) }
        adaptiveMinimum = parameters[Self.adaptiveMinimumName].flatMap { EventRate($0) }
    }

    var isEmpty: Bool { maximum == nil && minimum == nil && adaptiveMinimum == nil }

    /// What is agreed to.
    ///
    /// RFC 6446 §5.3: a maximum that would let nothing be told before the subscription expires is raised to the reciprocal
    /// of the time that is left. §8: minima are no higher than the maximum, and a minimum that is not lower than the
    /// adaptive one does not count. §6.3, §7.3: minima can be lowered, since repeating what is known costs as much as news.
    /// - Parameters:
    ///   - time: how long the subscription lasts yet; more than nothing.
    ///   - shortestRepeat: minima ask for no less time than this between two notifications.
    func agreed(lasting time: Interval, shortestRepeat: Interval) -> EventRates {
        var rates = self
        if let maximum, maximum.interval > time { rates.maximum = EventRate(every: time) }
        let highest = min(rates.maximum ?? EventRate(every: shortestRepeat), EventRate(every: shortestRepeat))
        rates.minimum = minimum.map { min($0, highest) }
        rates.adaptiveMinimum = adaptiveMinimum.map { min($0, highest) }
        if let minimum = rates.minimum, let adaptive = rates.adaptiveMinimum, minimum >= adaptive {
            rates.minimum = nil
        }
        return rates
    }

    /// What Subscription-State says of them, behind what it says otherwise (RFC 6446 §4.2).
    var parameters: Parameters {
        var parameters = Parameters()
        if let maximum { parameters.set(Self.maximumName, maximum.description) }
        if let minimum { parameters.set(Self.minimumName, minimum.description) }
        if let adaptiveMinimum { parameters.set(Self.adaptiveMinimumName, adaptiveMinimum.description) }
        return parameters
    }

    /// An Event header field's value without them: they say nothing in a NOTIFY.
    static func removed(from event: EventHeader) -> EventHeader {
        var event = event
        for name in [maximumName, minimumName, adaptiveMinimumName] { event.parameters.remove(name) }
        return event
    }

    /// An Event header field's value with those of another in the place of its own.
    static func replaced(in event: EventHeader, by other: EventHeader) -> EventHeader {
        var event = removed(from: event)
        for (name, text) in EventRates(askedBy: other.parameters).parameters.list.map({ ($0.name, $0.text) }) {
            event.parameters.set(name, text)
        }
        return event
    }
}
