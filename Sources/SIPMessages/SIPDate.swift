import Primitives

/// A point in time as Date writes it: `Sat, 13 Nov 2010 23:29:00 GMT` (RFC 3261 §25.1, SIP-date).
package enum SIPDate {
    private static let weekdays = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Fractions of a second are left out.
    package static func text(_ instant: Instant) -> String {
        let day = Int(instant.secondsSince1970 / 86_400)
        let (year, month, dayOfMonth) = civil(day)
        return "\(weekdays[day % 7]), \(two(dayOfMonth)) \(months[month - 1]) \(year) \(clock(instant)) GMT"
    }

    /// The same as XML writes it: `2010-11-13T23:29:00Z` (RFC 3339 §5.6).
    package static func dateTime(_ instant: Instant) -> String {
        let (year, month, day) = civil(Int(instant.secondsSince1970 / 86_400))
        return "\(year)-\(two(month))-\(two(day))T\(clock(instant))Z"
    }

    private static func clock(_ instant: Instant) -> String {
        let time = Int(instant.secondsSince1970 % 86_400)
        return [time / 3_600, time / 60 % 60, time % 60].map(two).joined(separator: ":")
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The date of a day counted from 1970-01-01, in the Gregorian calendar. Years are counted from March, so that the
    /// day that leap years have more is their last.
    private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
