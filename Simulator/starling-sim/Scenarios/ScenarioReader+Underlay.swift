import OverlaySimulator
import Primitives

extension ScenarioReader {
    mutating func completeUnderlay() {
        switch draft.shape {
        case .plane: draft.scenario.underlay.shape = .plane
        case .regions: useRegions()
        case .uniform:
            if draft.least > draft.most {
                let key = places["underlay.least"] == nil ? "underlay.most" : "underlay.least"
                note(key, "the least delay is above the most", remedy: "write underlay.least up to underlay.most")
            }
            draft.scenario.underlay.shape = .uniform(least: draft.least, most: draft.most)
        case .coordinates, .matrix: readUnderlayFile()
        }
        if places["underlay.regions"] != nil, draft.shape != .regions, draft.fallback != .regions,
            places["underlay.shape"]?.isOverride != true
        {
            note(
                "underlay.regions", "they have no effect when underlay.shape is \(draft.shape.rawValue)",
                remedy: "set underlay.shape or underlay.fallback to regions, or leave them out")
        }
    }

    private mutating func readUnderlayFile() {
        let what = draft.shape == .matrix ? "matrix of round-trip times" : "list of coordinates"
        guard let file = draft.underlayFile else {
            fallBack(
                at: "underlay.shape", because: "no file with a \(what) is named",
                remedy: "name one with underlay.file, or what may stand in for it with underlay.fallback")
            return
        }
        do {
            guard let text = try DataFile.read(file, from: folder) else {
                fallBack(
                    at: "underlay.file", because: "there is no file \(file.path)",
                    remedy: "name one that is there, or what may stand in for it with underlay.fallback")
                return
            }
            draft.scenario.underlay.shape =
                draft.shape == .matrix
                ? .matrix(file: file.path, roundTrips: try MatrixFile.parse(text, name: file.path))
                : .coordinates(file: file.path, places: try CoordinateFile.parse(text, name: file.path))
        } catch {
            errors.append(error)
        }
    }

    /// Uses what may stand in for a file, and says so.
    private mutating func fallBack(at key: String, because reason: String, remedy: String) {
        // A file that was named beside the scenario is meant to be used.
        guard let fallback = draft.fallback, places[key]?.isOverride != true || key == "underlay.shape" else {
            note(key, reason, remedy: remedy)
            return
        }
        switch fallback {
        case .plane:
            draft.scenario.underlay.shape = .plane
            notices.append("\(reason): places in a plane stand in for it")
        case .regions:
            useRegions()
            notices.append("\(reason): \(draft.regions.count) regions stand in for it")
        }
    }

    private mutating func useRegions() {
        let regions = draft.regions
        guard !regions.isEmpty else {
            note("underlay.shape", "there are no regions", remedy: "list them under underlay.regions")
            return
        }
        let total = regions.reduce(0) { $0 + $1.share }
        if abs(total - 1) > 0.001 {
            note(
                "underlay.regions", "the shares make \(DecimalText.written(total))", remedy: "all of them must make 1")
        }
        for (index, region) in regions.enumerated() where region.delays.count != regions.count {
            note(
                "underlay.regions", "number \(index + 1) has \(region.delays.count) delays",
                remedy: "write one to each of the \(regions.count) regions, in their order")
        }
        draft.scenario.underlay.shape = .regions(regions)
    }
}
