import Primitives
import SIPMessages
import SIPStack

extension PresenceAgent {
    /// What can happen to the agent.
    package enum Event: Sendable {
        /// A PUBLISH or SUBSCRIBE for a presentity of this agent. `authenticated` is who proved to send it, or whom a
        /// trusted address or a node of the overlay vouches for; nil when that is nobody with a name.
        case request(ServerTransactionID, SIPMessage, Flow, authenticated: AddressOfRecord?)
        /// A final response to the NOTIFY of that token.
        case response(RequestToken, SIPMessage)
        /// The NOTIFY of that token got no response; the status says why (408 or 503: RFC 3261 §8.1.3.1).
        case requestFailed(RequestToken, status: Int)
        /// What another node knows of a resource that is watched here: nil when it has nothing any more. Anything
        /// not newer than what is known of that source is ignored, so it may come over several paths. Where the rules
        /// are known elsewhere alone, it is for one watcher.
        case remoteDocument(
            EventResource, source: [UInt8], watcher: AddressOfRecord? = nil, document: [UInt8]?, version: Int64)
        /// Whether another node that knows of a resource can be reached.
        case remoteSource(EventResource, source: [UInt8], reachable: Bool)
        /// The presentity has left another node: what that said of the resource counts no more.
        case remoteGone(EventResource, source: [UInt8])
        /// The owner of the agent wants to see the presentity's composed document, now and at every change; as this user
        /// where others decide who may see it.
        case watchLocally(AddressOfRecord, as: AddressOfRecord? = nil)
        case unwatchLocally(AddressOfRecord)
        /// The user was removed: what they published goes, and what they watch they watch no longer.
        case remove(AddressOfRecord)
        /// A user set rules for those who watch them, changed them, or took them back (nil). The members of external lists
        /// come by the names that the rules have for them; this event tells as well that a list changed.
        case rules(AddressOfRecord, Ruleset?, externalLists: [String: Set<AddressOfRecord>])
        /// What a user's document for that says of their presence, whether they are anywhere or not (RFC 4827), or that there
        /// is none (nil). The version grows with each change, by the clock of the agents' own versions.
        case manualState(AddressOfRecord, PresenceDocument?, version: Int64)
        /// The lists that a user's documents define, for that user alone, or that all may subscribe to (nil). They are in
        /// place of the ones told before; after a restart they are told anew.
        case lists(of: AddressOfRecord?, [ListService])
        /// What there is of what the subscription of that number selected of its user's documents. At the selectors in
        /// `unknown` there may be something: it can't be found out.
        case documents(UInt64, [XCAPResource], unknown: Set<String>)
        /// The calls of a user that pass this node; watchers are told of them when they are news.
        case dialogs(AddressOfRecord, DialogInformation, isNews: Bool)
        /// The phones of a user that are registered here.
        case bindings(AddressOfRecord, [Binding])
        /// The operator ends the subscription of that number, and has its watcher not come back if it is rejected.
        case endSubscription(UInt64, rejected: Bool)
        /// A value that was persisted before a restart. All of them come before anything else.
        case restore(PresenceRoom, key: [UInt8], value: [UInt8])
        /// The deadline has come.
        case wake
    }
}
