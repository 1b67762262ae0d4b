/// One piece of state that outlives the process: written before anything that depends on it leaves the node.
package struct JournalEntry: Hashable, Sendable {
    package var room: JournalRoom
    package var key: [UInt8]
    package var value: [UInt8]

    package init(room: JournalRoom, key: [UInt8], value: [UInt8]) {
        self.room = room
        self.key = key
        self.value = value
    }
}
