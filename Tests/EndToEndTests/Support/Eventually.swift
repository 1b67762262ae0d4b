/// Waits until `condition` holds, looking again and again.
///
/// - Parameters:
///   - what: what is awaited, for the failure.
///   - limit: how long; generous, since the machine may be busy with other tests.
/// - Throws: ``NeverHappened``, or what `condition` throws.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now + limit
    while true {
        if try await condition() { return }
        if clock.now >= end { throw NeverHappened("within \(limit) it did not happen that \(what)") }
        try await Task.sleep(for: .milliseconds(50))
    }
}
