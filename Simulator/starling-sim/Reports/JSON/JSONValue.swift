/// A JSON value whose objects keep the order of their members, and whose numbers keep their digits.
///
/// Foundation's coders do neither: a summary would list its figures by the alphabet, and a seed of 64 bits would
/// become a `Double` on its way back.
enum JSONValue: Equatable {
    /// A name and its value in an object.
    struct Member: Equatable {
        var name: String
        var value: JSONValue
    }

    case null
    case bool(Bool)
    /// As it is written, `-1.5e3`.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    static func number(_ value: some FixedWidthInteger) -> JSONValue { .number(String(value)) }

    /// A finite number exactly, anything else as null: JSON has no word for it.
    static func number(_ value: Double) -> JSONValue { value.isFinite ? .number(value.exactText) : .null }

    /// The member of this name, when this is an object that has one.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    var double: Double? {
        if case .number(let digits) = self { Double(digits) } else { nil }
    }

    var array: [JSONValue]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// A whole number that fits, written without fraction or exponent.
    func integer<Integer: FixedWidthInteger>(_ type: Integer.Type = Integer.self) -> Integer? {
        if case .number(let digits) = self { Integer(digits) } else { nil }
    }
}
