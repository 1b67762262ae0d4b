import Testing

/// The rules are only worth what the reading behind them is worth.
struct SwiftSourceTests {
    private func source(_ text: String) -> SwiftSource { SwiftSource(path: "Example.swift", text: text) }

    @Test func importsOfEveryForm() {
        let text = """
            import Plain
            @testable import Tested
              @_spi(Inner) @preconcurrency import Attributed
            public import Visible
            import struct Part.Piece
            import func Other.call // import Commented
            /* import Hidden
               /* import Nested */ import StillHidden */
            let text = "import Quoted"
            let long = \"\"\"
            import Literal
            \"\"\"
            important()
            """
        #expect(source(text).imports.map(\.name) == ["Plain", "Tested", "Attributed", "Visible", "Part", "Other"])
        #expect(source(text).imports.map(\.line) == [1, 2, 3, 4, 5, 6])
    }

    @Test func topLevelTypesButNotPrivateOrNestedOnes() {
        let text = """
            package struct Outer<Value: Sendable>: Sendable where Value: Hashable {
                struct Inner {}
                class func make() {}
            }
            private enum Hidden {}
            @MainActor final class Other: Base {}
            extension Outer { enum Kind {} }
            func free(of kind: (any Shape).Type) { struct Local {} }
            indirect enum Tree { case leaf }
            """
        let expected = [("Outer", 1), ("Other", 6), ("Tree", 9)].map(SwiftSource.Declaration.init)
        #expect(source(text).topLevelTypes == expected)
    }

    @Test func functionsWithTheirLength() {
        let text = """
            protocol Shape {
                func area() -> Int
                init(side: Int)
            }
            func short() {}
            struct Square {
                init(
                    side: Int
                ) {
                    let brace = "}"
                    print("\\(brace + "}")}") // }
                }
                func area(
                    of other: Square
                )
                    throws -> Int
                {
                    if true {
                        return 1
                    }
                }
                subscript(index: Int) -> Int { index }
                let made = Square.init(side: 1)
            }
            """
        let found = source(text).functions
        let expected = [("short", 5, 1), ("init", 7, 6), ("area", 13, 9), ("subscript", 22, 1)]
        #expect(found == expected.map(SwiftSource.Function.init))
    }

    @Test func rawStringsAndRegularExpressions() {
        let text = """
            let raw = #"a " { \\n "#
            let expression = #/[{"]/#
            struct After {}
            """
        #expect(source(text).topLevelTypes.map(\.name) == ["After"])
    }
}
