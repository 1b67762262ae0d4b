import Primitives
import XMLTree

/// Makes documents out of one by changing a few things in it, the same ones for the same seed.
struct RandomChange {
    private var random: RandomSource
    private let root: XMLElement
    private let elements: [XMLElement]

    init(seed: UInt64, root: XMLElement) {
        random = RandomSource(seed: seed)
        self.root = root
        elements = Self.all(in: root)
    }

    private static func all(in element: XMLElement) -> [XMLElement] {
        [element] + element.elements.flatMap(all)
    }

    /// The document with one to three changes.
    mutating func next() -> XMLElement {
        var changed = root
        for _ in 0...Int.random(in: 0...2, using: &random) { change(&changed) }
        return changed
    }

    /// Goes down to an element, more often deep down than not, and changes it or what is in it.
    private mutating func change(_ element: inout XMLElement) {
        let places = element.children.indices.filter {
            if case .element = element.children[$0] { true } else { false }
        }
        if let place = places.randomElement(using: &random), Int.random(in: 0..<4, using: &random) > 0,
            case .element(var child) = element.children[place]
        {
            change(&child)
            element.children[place] = .element(child)
            return
        }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: if let place = places.randomElement(using: &random) { element.children.remove(at: place) }
        case 1: if let place = places.randomElement(using: &random) { element.children.append(element.children[place]) }
        case 2:
            if let a = places.randomElement(using: &random), let b = places.randomElement(using: &random) {
                element.children.swapAt(a, b)
            }
        case 3: element.attributes.shuffle(using: &random)
        case 4: if !element.attributes.isEmpty { element.attributes.removeLast() }
        case 5:
            element.attributes.append(
                XMLAttribute(XMLName("y\(element.attributes.count)", in: "urn:x"), prefix: "x", value: "1"))
        case 6: element.append(text: ["x", "true", "open", "\n "].randomElement(using: &random) ?? "")
        default:
            guard let other = elements.randomElement(using: &random) else { return }
            element.children.insert(.element(other), at: Int.random(in: 0...element.children.count, using: &random))
        }
    }
}
