import Primitives
import SIPMessages
import Testing

@Suite struct SIPDateTests {
    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (1_289_690_940, "Sat, 13 Nov 2010 23:29:00 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        ] as [(UInt64, String)])
    func aDateIsWrittenAsSIPHasIt(seconds: UInt64, text: String) {
        #expect(SIPDate.text(Instant(secondsSince1970: seconds)) == text)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z"), (951_782_401, "2000-02-29T00:00:01Z"), (1_289_690_940, "2010-11-13T23:29:00Z"),
        ]
            as [(UInt64, String)])
    func andAsXMLHasIt(seconds: UInt64, text: String) {
        #expect(SIPDate.dateTime(Instant(secondsSince1970: seconds)) == text)
    }
}
