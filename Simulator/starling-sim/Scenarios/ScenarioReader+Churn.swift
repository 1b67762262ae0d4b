import OverlaySimulator

extension ScenarioReader {
    mutating func completeChurn() {
        guard places["churn"] != nil else { return }
        switch draft.churnLaw {
        case .exponential: draft.churn.law = .exponential
        case .weibull: draft.churn.law = .weibull(shape: draft.weibullShape)
        case .pareto: draft.churn.law = .pareto(exponent: draft.paretoExponent)
        case .trace: readTrace()
        }
        draft.scenario.churn = draft.churn
    }

    private mutating func readTrace() {
        guard let file = draft.churnFile else {
            note(
                places["churn.law"] == nil ? "churn" : "churn.law", "a trace needs its file",
                remedy: "name it with churn.file")
            return
        }
        do {
            guard let text = try DataFile.read(file, from: folder) else {
                note("churn.file", "there is no file \(file.path)", remedy: "name one that is there")
                return
            }
            let sessions = try TraceFile.parse(text, name: file.path, nodes: draft.scenario.nodes)
            draft.churn.law = .trace(file: file.path, sessions: sessions)
        } catch {
            errors.append(error)
        }
    }
}
