/// What a presentity's tuples say together (RFC 3863 §4.1.4): open as soon as one of them is.
package enum BasicStatus: String, Sendable {
    case open
    case closed
}
