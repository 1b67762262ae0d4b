import Primitives

@testable import XCAP

/// Writes random XML with all that a scanner can stumble over, the same for the same seed.
struct RandomMarkup {
    var random: RandomSource

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }

    /// An element with what is in it, in any of a few namespaces; the prefixes `p` and `q` are bound around it.
    mutating func element(depth: Int) -> String {
        let name = pick(["a", "b", "c", "p:a", "q:b", "é"])
        var tag = name
        if chance(15) { tag += " xmlns='\(pick(["", "u:p", "u:d"]))'" }
        if chance(15) { tag += " xmlns:\(pick(["p", "q", "r"]))=\"\(pick(["u:p", "u:q", "u&amp;r"]))\"" }
        for attribute in ["n", "m"] where chance(40) {
            tag += pick([" ", "\n\t", "  "]) + attribute + pick(["=", " = "]) + literal()
        }
        if chance(10) { tag += " xml:lang='de'" }
        if depth == 0 || chance(25) { return "<\(tag)\(pick(["", " "]))/>" }
        var content = ""
        for _ in 0..<Int.random(in: 0...4, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0: content += pick(["text", "&lt;&#65;", "]]&gt;", "'\">", "\n  ", "ü🐦"])
            case 1: content += pick(["<!-- <a> -->", "<!---->", "<!--</a>-->"])
            case 2: content += pick(["<![CDATA[<a></b>]]>", "<![CDATA[]]]]>", "<?t <a/> ?>", "<?xml-t?>"])
            default: content += element(depth: depth - 1)
            }
        }
        return "<\(tag)>\(content)</\(name)\(pick(["", " ", "\n"]))>"
    }

    mutating func literal() -> String { pick(["'1'", "\"1\"", "\"2\"", "'&quot;>'", "\"'/&#x3E;\"", "''", "'é'"]) }

    mutating func document() -> String {
        let prolog = pick(["", "<?xml version='1.0'?>\n", "<!-- <a> --><?p ?>", "\u{FEFF}"])
        return prolog + "<r xmlns:p='u:p' xmlns:q='u:q'>" + element(depth: 4) + element(depth: 3) + "</r>"
            + pick(["", "\n<!-- -->"])
    }

    /// A node selector, with its query. It leads to an element that there is, and ends in a step that may select something,
    /// be a place for something new, or neither.
    mutating func selector(in document: ElementMarkup) -> String {
        var steps = ["r"]
        var context = document
        while !context.elements.isEmpty, steps.count < 5, chance(70) {
            let place = Int.random(in: 0..<context.elements.count, using: &random)
            context = context.elements[place]
            steps.append("*%5B\(place + 1)%5D")
        }
        if chance(25) { return steps.joined(separator: "/") + "/@\(pick(["n", "m", "x:n", "xml:lang"]))" + Self.query }
        var step = pick(["*", "*", "*", "a", "b", "c", "x:a", "y:b", "%C3%A9", "d:a"])
        if chance(70) { step += "%5B\(Int.random(in: 0...context.elements.count + 1, using: &random))%5D" }
        if chance(30) { step += "%5B@\(pick(["n", "m"]))=\(pick(["'1'", "%221%22", "%222%22", "'&quot;>'"]))%5D" }
        return (steps + [step]).joined(separator: "/") + Self.query
    }

    private static let query = "?xmlns(x=u:p)xmlns(y=u:q)xmlns(d=u:d)"
}
