extension String {
    /// With a capital as its first letter.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
