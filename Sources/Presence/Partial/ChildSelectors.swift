import XMLTree

/// How to select one of the child elements of an element while its list is being changed.
struct ChildSelectors {
    /// The ids that at most one element has, before and after.
    private var unique: Set<String>

    init(old: [XMLElement], new: [XMLElement]) {
        var counts: [String: (old: Int, new: Int)] = [:]
        for element in old { element[attribute: PIDF.id].map { counts[$0, default: (0, 0)].old += 1 } }
        for element in new { element[attribute: PIDF.id].map { counts[$0, default: (0, 0)].new += 1 } }
        unique = Set(counts.filter { $0.value.old <= 1 && $0.value.new <= 1 }.keys)
    }

    /// By the id, which still finds the right one, or none, in a copy that is not what it should be; else by the place.
    func selector(of element: XMLElement, at place: Int) -> String {
        guard let id = element[attribute: PIDF.id], unique.contains(id), !id.contains("'") else { return "*[\(place)]" }
        return "*[@id='\(id)']"
    }
}
