/// The colours of lines: after Okabe and Ito, so that people who tell few colours apart can tell these.
///
/// Yellow is darkened, as it would vanish on white, and each theme has its own shades of equal contrast. A plot refers
/// to them as classes, so that the page's style can change them with the theme.
enum Palette {
    private static let light = ["#0072b2", "#d55e00", "#009e73", "#b65c94", "#7a6a00", "#4aa3dc", "#6b7280", "#3b2f8f"]
    private static let dark = ["#5ab4ee", "#ff8a4c", "#2fc79c", "#e596c4", "#d9c84a", "#9fd4f7", "#a4abb6", "#a79bf5"]

    /// How many lines a plot can tell apart.
    static var count: Int { light.count }

    /// The class of what is drawn in the colour of a line.
    static func line(_ index: Int) -> String { "line\(index % count)" }

    /// The class of what is filled with the colour of a line.
    static func fill(_ index: Int) -> String { "fill\(index % count)" }

    /// The colours as properties of a theme.
    static func properties(isDark: Bool) -> String {
        (isDark ? dark : light).enumerated().map { "--line\($0): \($1);" }.joined(separator: " ")
    }

    /// What the classes mean.
    static var rules: String {
        (0..<count).map {
            ".line\($0) { stroke: var(--line\($0)); } .fill\($0) { fill: var(--line\($0)); background: var(--line\($0)); }"
        }
        .joined(separator: "\n")
    }
}
