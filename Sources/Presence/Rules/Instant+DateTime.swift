import Primitives

extension Instant {
    /// Reads `2003-12-24T17:00:00.5+01:00`, the dateTime of XML Schema Part 2 §3.2.7.
    ///
    /// Without a zone it is taken as UTC. Times before 1970 become its beginning. Nil when it is no such time.
    init?(dateTime text: String) {
        var reader = DateTimeReader(text.trimmed)
        guard let year = reader.digits(4...6), reader.take("-"), let month = reader.digits(2...2), reader.take("-"),
            let day = reader.digits(2...2), reader.take("T"), let hour = reader.digits(2...2), reader.take(":"),
            let minute = reader.digits(2...2), reader.take(":"), let second = reader.digits(2...2)
        else { return nil }
        guard let nanoseconds = reader.fraction(), let offset = reader.zone(), reader.isAtEnd else { return nil }
        guard (1...12).contains(month), (1...Self.days(inMonth: month, of: year)).contains(day), minute < 60,
            second < 60, hour < 24 || hour == 24 && minute == 0 && second == 0 && nanoseconds == 0
        else { return nil }
        let days = Self.days(before: year, month, day)
        let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset * 60
        if seconds < 0 {
            self.init(nanoseconds: 0)
        } else {
            self = Instant(secondsSince1970: UInt64(seconds)) + Interval(nanoseconds: Int64(nanoseconds))
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && year % 100 != 0 || year % 400 == 0 }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// From 1970-01-01 to a day of the Gregorian calendar; negative before.
    private static func days(before year: Int, _ month: Int, _ day: Int) -> Int {
        let past = year - 1
        let untilYear = past * 365 + past / 4 - past / 100 + past / 400
        let untilMonth = (1..<month).reduce(0) { $0 + days(inMonth: $1, of: year) }
        return untilYear + untilMonth + day - 1 - 719_162
    }
}
