extension Array {
    /// Names the memory in which some elements lie, and that of the count before all of them, as addresses with numbers of
    /// bytes. Nothing is read, so that the range may reach beyond the end.
    @inlinable package func touches(_ range: Range<Int>, _ use: (UnsafeRawPointer, Int) -> Void) {
        let stride = MemoryLayout<Element>.stride
        withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            use(start - 32, 32)
            use(start + range.lowerBound * stride, range.count * stride)
        }
    }
}
