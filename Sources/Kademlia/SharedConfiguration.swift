/// A configuration that any number of cores share: it does not change, and is larger than all else that an idle core
/// needs.
package final class SharedConfiguration: Sendable {
    package let value: KademliaConfiguration

    package init(_ value: KademliaConfiguration) { self.value = value }
}
