extension JSONValue {
    /// The document as a file holds it: two spaces a level, objects without objects in them on one line.
    var text: String {
        var out = ""
        write(into: &out, level: 0)
        return out + "\n"
    }

    private func write(into out: inout String, level: Int) {
        switch self {
        case .null: out += "null"
        case .bool(let value): out += value ? "true" : "false"
        case .number(let digits): out += digits
        case .string(let value): Self.write(value, into: &out)
        case .array(let values):
            Self.write(values, "[", "]", isFlat: values.allSatisfy(\.isPlain), into: &out, level: level) {
                $0.write(into: &$1, level: $2)
            }
        case .object(let members):
            let isFlat = level > 0 && members.allSatisfy(\.value.isPlain)
            Self.write(members, "{", "}", isFlat: isFlat, into: &out, level: level) { member, out, level in
                Self.write(member.name, into: &out)
                out += ": "
                member.value.write(into: &out, level: level)
            }
        }
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private static func write<Item>(
        _ items: [Item], _ open: String, _ close: String, isFlat: Bool, into out: inout String, level: Int,
        each: (Item, inout String, Int) -> Void
    ) {
        let isOneLine = isFlat || items.isEmpty
        out += open
        for (index, item) in items.enumerated() {
            if index > 0 { out += isOneLine ? ", " : "," }
            if !isOneLine { out += "\n" + String(repeating: "  ", count: level + 1) }
            each(item, &out, level + 1)
        }
        if !isOneLine { out += "\n" + String(repeating: "  ", count: level) }
        out += close
    }

    private static func write(_ string: String, into out: inout String) {
        out += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        out += "\""
    }
}
