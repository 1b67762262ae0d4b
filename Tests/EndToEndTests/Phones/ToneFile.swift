import Foundation

/// Ten seconds of a 440 Hz tone as a WAV file, for a phone that has no microphone.
enum ToneFile {
    static func write(to file: URL) throws {
        let rate = 8_000
        var samples = Data(capacity: rate * 20)
        for index in 0..<rate * 10 {
            append(
                UInt16(bitPattern: Int16(8_000 * sin(2 * Double.pi * 440 * Double(index) / Double(rate)))), to: &samples
            )
        }
        var out = Data("RIFF".utf8)
        append(UInt32(36 + samples.count), to: &out)
        out.append(Data("WAVEfmt ".utf8))
        append(UInt32(16), to: &out)
        for value: UInt16 in [1, 1] { append(value, to: &out) }
        for value in [UInt32(rate), UInt32(rate * 2)] { append(value, to: &out) }
        for value: UInt16 in [2, 16] { append(value, to: &out) }
        out.append(Data("data".utf8))
        append(UInt32(samples.count), to: &out)
        out.append(samples)
        try out.write(to: file)
    }

    private static func append(_ value: some FixedWidthInteger, to data: inout Data) {
        withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
}
