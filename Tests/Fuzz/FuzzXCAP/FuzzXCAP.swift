/// The entry point that libFuzzer calls with every input it makes up.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzXCAP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    if let complaint = XCAPExerciser(bytes).complaint { fatalError(complaint) }
    return 0
}
