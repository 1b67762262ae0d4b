extension CalendarQueue {
    /// Puts an entry into the bucket for its time, which is not before `position`.
    @inline(__always)
    mutating func file(_ entry: Entry) {
        let difference = (entry.time ^ position) >> Self.finestBits
        // Without a difference it is the finest level; the bit set here changes no other answer.
        let level = (63 - (difference | 1).leadingZeroBitCount) / Int(Self.digitBits)
        let shift = Self.finestBits + Self.digitBits * UInt64(level)
        let digit = Int(truncatingIfNeeded: entry.time >> shift) & (Self.bucketsInLevel - 1)
        let index = level * Self.bucketsInLevel + digit
        let place = buckets[index].count % EntryChunks.entriesInChunk
        if place == 0 {
            let chunk = chunks.take(before: buckets[index].chunk)
            buckets[index].chunk = chunk
            if buckets[index].count == 0 { mark(index) }
        }
        buckets[index].chunk.unsafelyUnwrapped.entries[place] = entry
        buckets[index].count += 1
        if entry.time < buckets[index].earliest { buckets[index].earliest = entry.time }
    }

    /// The bucket that comes next; nil when all are empty.
    var firstBucket: Int? {
        for level in 0..<Self.levels where occupiedWords[level] != 0 {
            let word = level * Self.bucketsInLevel / 64 + occupiedWords[level].trailingZeroBitCount
            return word * 64 + occupied[word].trailingZeroBitCount
        }
        return nil
    }

    private func mark(_ index: Int) {
        occupied[index / 64] |= 1 << UInt64(index % 64)
        occupiedWords[index / Self.bucketsInLevel] |= 1 << UInt64(index % Self.bucketsInLevel / 64)
    }

    private func clear(_ index: Int) {
        buckets[index] = Bucket()
        occupied[index / 64] &= ~(1 << UInt64(index % 64))
        guard occupied[index / 64] == 0 else { return }
        occupiedWords[index / Self.bucketsInLevel] &= ~(1 << UInt64(index % Self.bucketsInLevel / 64))
    }

    /// Sorts the bucket `index`, which is the first, or the first of those that it is dealt out to.
    mutating func takeUp(_ index: Int) {
        var bucket = move(to: index)
        // One entry alone needs no finer bucket.
        if index >= Self.bucketsInLevel, bucket.count > 1 {
            deal(bucket)
            // Where the first entry of the coarse one has gone.
            bucket = move(to: Int(truncatingIfNeeded: position >> Self.finestBits) & (Self.bucketsInLevel - 1))
        }
        takenThrough = position | ((1 << Self.finestBits) - 1)
        sorted.fill(from: bucket)
        chunks.give(back: bucket.chunk)
    }

    /// Moves the entries of a coarse bucket to finer ones.
    private mutating func deal(_ bucket: Bucket) {
        var chunk = bucket.chunk
        var left = bucket.count
        while let current = chunk {
            let here = EntryChunks.count(inFirstOf: left)
            for place in 0..<here { file(current.entries[place]) }
            left -= here
            chunk = current.next
            chunks.give(backOne: current)
        }
    }

    /// Takes a bucket out of the calendar and goes forward to the finest bucket that its first entry belongs to.
    private mutating func move(to index: Int) -> Bucket {
        let bucket = buckets[index]
        position = (bucket.earliest >> Self.finestBits) << Self.finestBits
        clear(index)
        return bucket
    }
}
