import Primitives

/// The file that holds the seed of the node's key: one line of 64 hexadecimal digits, for its owner alone.
package enum NodeKeyFile {
    /// The seed of this directory's node; a new one is drawn and written when there is none yet.
    ///
    /// - Throws: ``StorageError`` when others may read the file or it is not a key; it is never replaced.
    package static func loadOrCreate(in directory: DataDirectory, random: inout RandomSource) throws -> [UInt8] {
        let path = directory.nodeKeyPath
        guard let bytes = try PrivateFile.read(path, limit: 4096) else {
            let seed = random.bytes(32)
            try PrivateFile.create(path, Array((Hex.encode(seed) + "\n").utf8))
            return seed
        }
        if let mode = PrivateFile.mode(of: path), mode & 0o077 != 0 {
            throw StorageError.keyOpenToOthers(path, mode: mode & 0o777)
        }
        let line = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
        guard let seed = Hex.decode(line), seed.count == 32 else { throw StorageError.malformedKey(path) }
        return seed
    }
}
