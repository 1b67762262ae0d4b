import SIPStack

extension Flow {
    /// The same ends, over whichever connection.
    var ofAnyConnection: Flow {
        var flow = self
        flow.connection = 0
        return flow
    }
}
