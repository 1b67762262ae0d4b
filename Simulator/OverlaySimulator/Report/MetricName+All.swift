extension MetricName {
    /// All figures, in the order in which reports show them. A run has those of which something happened in it.
    package static let all = requests + presence + joins + costs + records + adversaries + machine

    private static let requests = [
        MetricName("{get,put,absent}.attempted", "lookups or stores", "how many ended in the measured part"),
        MetricName(
            "{get,put,absent}.success", share,
            "a get found a valid record, a put left one at a storing node, an absent lookup ended with nothing found"),
        MetricName(
            "{get,put,absent}.latency_ms.{p50,p90,p99,mean}", "ms",
            "from the request to the first valid record (get), to the end (put, absent); of those that succeeded"),
        MetricName("{get,put,absent}.hops.mean", "hops", "how many answers led to each other before the decisive one"),
        MetricName("{get,put,absent}.messages.mean", "messages", "requests sent for one"),
        MetricName("{get,put,absent}.timeouts.mean", "requests", "requests of one that nobody answered in time"),
        MetricName("put.replicas.mean", "nodes", "storing nodes that acknowledged"),
    ]

    private static let presence = [
        MetricName("presence.changes", "changes", "how many users made"),
        MetricName("presence.delivered", "changes", "how many reached an online watcher, each watcher counted"),
        MetricName("presence.delay_ms.{p50,p90,p99}", "ms", "from the change to the watcher's node"),
        MetricName("presence.lost", "changes", "missed by a watcher that was online all the while"),
        MetricName("presence.duplicates", "changes", "reported to a watcher more than once"),
        MetricName("call.success", share, "calls that reached the node where the callee is"),
        MetricName("call.latency_ms.{p50,p90,p99}", "ms", "from the lookup to the message's arrival at the callee"),
    ]

    private static let joins = [
        MetricName("join.success", share, "nodes that joined"),
        MetricName("join.seconds.{p50,p99}", "s", "from a node's first message to the end of its join"),
        MetricName("online.mean", "nodes", "nodes that were online, on the average of the measured part"),
    ]

    private static let costs = [
        MetricName(
            "maintenance_bytes_per_second", "bytes/s",
            "sent by a node that is online, all but what users caused, on the average"),
        MetricName(
            "bytes_per_second.{ping,find_nodes,fetch,store,watch,changed,leaving,handshake}", "bytes/s",
            "sent by a node that is online, requests and answers of this sort, whoever caused them"),
        MetricName(
            "load.reachable_messages_per_second", "messages/s", "received by a node that can be reached unasked"),
        MetricName("stale_share", share, "contacts in routing tables whose node is gone"),
    ]

    private static let records = [
        MetricName("replicas.mean", "nodes", "living holders of a living record, in the end"),
        MetricName("replicas.p1", "nodes", "the same, of the record in a hundred that has fewest"),
        MetricName("records.found_after_60s", share, "records that a lookup finds 60 s after nodes died"),
        MetricName(
            "records.restored_after_1h", share, "records with 16 living holders (`bucket-size`) 1 h after nodes died"),
        MetricName(
            "partition.healed_share_after_5min", share,
            "records written on either side that lookups from both find 5 min after the parts met again"),
    ]

    private static let adversaries = [
        MetricName("forged_accepted", "records", "records that nobody entitled wrote and somebody took for good"),
        MetricName(
            "eclipse.success", share,
            "the attacker's: lookups of the attacked record that did not find it; those are not part of `get`"),
    ]

    private static let machine = [
        MetricName("routing_bytes_per_node", "bytes", "memory of a node's routing table, on the average"),
        MetricName("bytes_per_node", "bytes", "the run's memory over the nodes"),
        MetricName("peak_memory_bytes", "bytes", "the most memory that the program had"),
        MetricName("events_per_second", "events/s", "simulated in a second of the machine's time"),
    ]

    private init(_ pattern: String, _ unit: String, _ meaning: String) {
        self.pattern = pattern
        self.unit = unit
        self.meaning = meaning
    }
}
