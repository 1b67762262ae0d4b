/// Memory for entries that are not sorted yet: chunks of 512 bytes that are used again and again.
struct EntryChunks: ~Copyable {
    /// 21 entries and where the next chunk lies.
    ///
    /// It points into memory of an ``EntryChunks``, which outlives it: only ``CalendarQueue`` makes and keeps chunks,
    /// beside their owner.
    struct Chunk {
        fileprivate let start: UnsafeMutableRawPointer

        /// Room for ``EntryChunks/entriesInChunk`` of them; plain numbers, so that each may be written and read in
        /// any order without being initialized. Bound when the memory was made.
        @inline(__always)
        var entries: UnsafeMutablePointer<CalendarQueue.Entry> {
            (start + 8).assumingMemoryBound(to: CalendarQueue.Entry.self)
        }

        /// The next chunk of the chain; nil at its end.
        @inline(__always)
        var next: Chunk? {
            get { link.pointee.map(Chunk.init(start:)) }
            nonmutating set { link.pointee = newValue?.start }
        }

        @inline(__always)
        private var link: UnsafeMutablePointer<UnsafeMutableRawPointer?> {
            start.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
        }
    }

    /// Eight cache lines hold these and the link.
    static let entriesInChunk = 21
    private static let chunkBytes = 512
    private static let mostChunksAtOnce = 2_048

    private var free: Chunk?
    private var slabs: [UnsafeMutableRawPointer] = []
    private var chunksAtOnce = 32
    /// Bytes.
    private(set) var memory = 0

    // Whoever holds an EntryChunks holds all chunks of it as well, and ends with it.
    deinit {
        for slab in slabs { slab.deallocate() }
    }

    /// How many of a chain's `count` entries lie in its first chunk.
    @inline(__always)
    static func count(inFirstOf count: Int) -> Int { count == 0 ? 0 : (count - 1) % entriesInChunk + 1 }

    /// A chunk, put before a chain.
    @inline(__always)
    mutating func take(before chain: Chunk?) -> Chunk {
        if free == nil { grow() }
        let chunk = free.unsafelyUnwrapped
        free = chunk.next
        chunk.next = chain
        return chunk
    }

    /// Makes one chunk free; its link may be read no more.
    @inline(__always)
    mutating func give(backOne chunk: Chunk) {
        chunk.next = free
        free = chunk
    }

    /// Makes a chain free.
    mutating func give(back chain: Chunk?) {
        var chain = chain
        while let chunk = chain {
            chain = chunk.next
            give(backOne: chunk)
        }
    }

    private mutating func grow() {
        let slab = UnsafeMutableRawPointer.allocate(byteCount: chunksAtOnce * Self.chunkBytes, alignment: 64)
        slabs.append(slab)
        memory += chunksAtOnce * Self.chunkBytes
        for index in 0..<chunksAtOnce {
            let start = slab + index * Self.chunkBytes
            start.bindMemory(to: UnsafeMutableRawPointer?.self, capacity: 1).initialize(to: nil)
            (start + 8).bindMemory(to: CalendarQueue.Entry.self, capacity: Self.entriesInChunk)
            give(backOne: Chunk(start: start))
        }
        chunksAtOnce = min(chunksAtOnce * 2, Self.mostChunksAtOnce)
    }
}
