/// Places in a plane as OverSim's files have them: XML, a `node` for each place with two `coord` in it.
enum CoordinateFile {
    private static let mostPlaces = 1_000_000
    private static let farthest = 100_000.0

    /// - Throws: the first error, with its line.
    static func parse(_ bytes: [UInt8], name: String) throws(ScenarioError) -> [SIMD2<Double>] {
        var places: [SIMD2<Double>] = []
        var tags = TagScanner(bytes)
        /// The numbers of the node that is open; nil outside of nodes.
        var numbers: [Double]?
        while let tag = tags.next() {
            func error(_ problem: String) -> ScenarioError {
                ScenarioError(
                    .file(name, line: tag.line, column: 1), problem,
                    remedy: "a node is <node><coord>X</coord><coord>Y</coord></node>, in milliseconds up to 100000")
            }
            switch tag.name {
            case "node" where numbers == nil: numbers = []
            case "coord" where numbers != nil && tag.isFollowedByEnd:
                guard let number = DecimalText.number(tag.text), abs(number) <= farthest else {
                    throw error("\"\(tag.text.prefix(32))\" is not a coordinate")
                }
                numbers?.append(number)
            case "/coord" where numbers != nil: break
            case "/node" where numbers?.count == 2:
                guard places.count < mostPlaces else { throw error("there are more than \(mostPlaces) nodes") }
                places.append(SIMD2(numbers?[0] ?? 0, numbers?[1] ?? 0))
                numbers = nil
            case "/node": throw error("the node has \(numbers?.count ?? 0) coordinates")
            case "nodelist" where numbers == nil, "/nodelist" where numbers == nil: break
            default: throw error("<\(tag.name.prefix(32))> is out of place")
            }
        }
        guard numbers == nil, places.count >= 2 else {
            throw ScenarioError(
                .file(name, line: tags.line, column: 1), "the file ends after \(places.count) places",
                remedy: "it needs two nodes at least, each with its end")
        }
        return places
    }
}
