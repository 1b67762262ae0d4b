/// A message that the caller handed over and that has not been sent yet.
struct QueuedMessage: Sendable {
    let payload: [UInt8]
    let channel: Channel
    let destination: Destination
    let delivery: Delivery
    let token: UInt64
}
