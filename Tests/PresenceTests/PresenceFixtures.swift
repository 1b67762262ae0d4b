import Foundation

/// Documents that several suites publish, and the outside judge of what is emitted.
enum PresenceFixtures {
    static func document(_ inner: String, entity: String = "sip:somebody@example.org") -> String {
        "<?xml version='1.0'?><presence xmlns='urn:ietf:params:xml:ns:pidf' entity='\(entity)' "
            + "xmlns:dm='urn:ietf:params:xml:ns:pidf:data-model' xmlns:r='urn:ietf:params:xml:ns:pidf:rpid' "
            + "xmlns:x='urn:example:x'>\(inner)</presence>"
    }

    /// What a softphone publishes: a service, a person with activities, a device.
    static let rich = """
        <tuple id="t1"><status><basic>open</basic></status>
          <r:service-class><r:electronic/></r:service-class>
          <contact priority="0.8">sip:alice@192.0.2.7:5060</contact><note xml:lang="en">tuple note</note>
          <timestamp>2026-11-21T10:00:00Z</timestamp></tuple>
        <dm:person id="p1"><r:activities><r:on-the-phone/></r:activities><r:mood><r:happy/></r:mood>
          <dm:note>At my desk</dm:note></dm:person>
        <dm:device id="d1"><dm:deviceID>urn:uuid:48662e19-5fbf-43fc-a2fd-d23002787599</dm:deviceID></dm:device>
        """

    /// The driver schema of the RFCs' namespaces beside the repository; nil where there is none.
    static let schema: String? = {
        var folder = URL(filePath: #filePath).deletingLastPathComponent()
        for _ in 0..<6 {
            folder.deleteLastPathComponent()
            let candidate = folder.appending(path: "shared/schemas/all.xsd").path
            if FileManager.default.fileExists(atPath: candidate),
                FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")
            {
                return candidate
            }
        }
        return nil
    }()

    /// What xmllint says against a document; empty when it is valid.
    static func schemaComplaints(about bytes: [UInt8]) throws -> String {
        let file = FileManager.default.temporaryDirectory.appending(path: "pidf-\(UUID().uuidString).xml")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let errors = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/xmllint")
        process.arguments = ["--nonet", "--noout", "--schema", schema!, file.path]
        process.standardError = errors
        try process.run()
        let output = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : String(decoding: output, as: UTF8.self)
    }
}
