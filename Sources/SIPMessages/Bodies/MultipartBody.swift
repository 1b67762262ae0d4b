import Primitives

/// A body of several parts (RFC 2046 §5.1).
package struct MultipartBody: Hashable, Sendable {
    /// One part: its header fields and its content.
    package struct Part: Hashable, Sendable {
        /// Names and values in the order written, folds undone.
        package var headers: [(name: String, value: String)]
        /// The content, as it stands: no transfer encoding is undone.
        package var content: [UInt8]

        package init(headers: [(name: String, value: String)], content: [UInt8]) {
            self.headers = headers
            self.content = content
        }

        /// The value of the first header field of that name, in whatever case; nil when there is none.
        package subscript(_ name: String) -> String? {
            headers.first { ASCII.equalIgnoringCase($0.name, name) }?.value
        }

        /// What the content is; nil when the part does not say, or not so that it can be read.
        package var contentType: MediaType? { self["Content-Type"].flatMap { try? MediaType(HeaderText($0)) } }

        /// The part's name without the brackets around it (RFC 2392 §2); nil when it has none.
        package var contentID: String? {
            guard let text = self["Content-ID"], text.hasPrefix("<"), text.hasSuffix(">"), text.utf8.count > 2 else {
                return nil
            }
            return String(text.dropFirst().dropLast())
        }

        package static func == (a: Part, b: Part) -> Bool {
            a.content == b.content && a.headers.elementsEqual(b.headers, by: ==)
        }

        package func hash(into hasher: inout Hasher) {
            hasher.combine(content)
            for (name, value) in headers {
                hasher.combine(name)
                hasher.combine(value)
            }
        }
    }

    package var parts: [Part]

    package init(parts: [Part]) { self.parts = parts }

    /// How many parts a body may have: a list notification has one for each of a thousand presentities.
    package static let maximumParts = 1_100
    /// How many header fields a part may have.
    package static let maximumHeaders = 16
    /// RFC 2046 §5.1.1: how long a boundary may be, in bytes.
    package static let maximumBoundary = 70

    /// The body with this boundary, which must not occur in it: see ``boundary(from:)``.
    package func serialized(boundary: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(64) { $0 + $1.content.count + 256 })
        for part in parts {
            bytes += "--\(boundary)\r\n".utf8
            for (name, value) in part.headers { bytes += "\(name): \(value)\r\n".utf8 }
            bytes += "\r\n".utf8
            bytes += part.content
            // RFC 2046 §5.1.1: the line end in front of a boundary belongs to the boundary, not to the part.
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)--\r\n".utf8
        return bytes
    }

    /// A boundary that occurs in none of the parts (RFC 2046 §5.1.1), drawn until one is found.
    package func boundary(from random: inout RandomSource) -> String {
        var boundary: String
        repeat { boundary = random.token(24) } while parts.contains { $0.mentions(boundary) }
        return boundary
    }
}

extension MultipartBody.Part {
    fileprivate func mentions(_ text: String) -> Bool {
        let wanted = Array(text.utf8)
        return headers.contains { $0.value.contains(text) } || content.firstRange(of: wanted) != nil
    }
}
