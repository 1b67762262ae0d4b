/// How the page looks. It holds nothing that XML would have escaped, so that it stands in the page as it is.
enum StyleSheet {
    static var text: String {
        """
        :root { color-scheme: light dark; \(Palette.properties(isDark: false)) \(light) }
        @media (prefers-color-scheme: dark) { :root { \(Palette.properties(isDark: true)) \(dark) } }
        @media print { :root { color-scheme: light; \(Palette.properties(isDark: false)) \(light) } }
        \(Palette.rules)
        \(page)
        \(drawing)
        \(windows)

        """
    }

    private static let light = """
        --ground: #f6f7f9; --sheet: #ffffff; --ink: #15191f; --soft: #59626f; --edge: #e1e5ea; --grid: #e8ebef; \
        --base: #9aa3ae; --good: #0b6b4f; --good-ground: #e2f4ec; --bad: #a8261b; --bad-ground: #fdeae7;
        """

    private static let dark = """
        --ground: #0f1216; --sheet: #181c22; --ink: #e9edf2; --soft: #9ea8b5; --edge: #2b313a; --grid: #272d35; \
        --base: #616b78; --good: #5fd3a6; --good-ground: #10312a; --bad: #ff9b8f; --bad-ground: #3d1815;
        """

    private static let page = """
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; }
        body { margin: 0; background: var(--ground); color: var(--ink); line-height: 1.5;
          font: 15px/1.5 system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, sans-serif; }
        main { max-width: 1120px; margin: 0 auto; padding: 36px 24px 48px; }
        h1 { font-size: 30px; line-height: 1.2; letter-spacing: -0.01em; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 18px; margin: 36px 0 12px; }
        h3 { font-size: 15px; margin: 0; }
        p { margin: 0; }
        .over { color: var(--soft); font-size: 13px; letter-spacing: 0.04em; text-transform: uppercase; }
        .about { color: var(--soft); font-size: 17px; max-width: 46em; margin-top: 8px; overflow-wrap: anywhere; }
        .verdict { display: inline-block; margin-top: 16px; padding: 6px 14px; border-radius: 8px; font-weight: 600; }
        .good { color: var(--good); } .bad { color: var(--bad); }
        .verdict.good { background: var(--good-ground); } .verdict.bad { background: var(--bad-ground); }
        .run { display: flex; flex-wrap: wrap; gap: 8px 28px; margin: 20px 0 0; }
        .run div { display: block; } dt { color: var(--soft); font-size: 12.5px; }
        dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .sheet { background: var(--sheet); border: 1px solid var(--edge); border-radius: 10px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: left; color: var(--soft); font-weight: 500; font-size: 12.5px; }
        th, td { padding: 8px 16px; border-bottom: 1px solid var(--edge); white-space: nowrap; }
        tr:last-child td { border-bottom: 0; }
        .number { text-align: right; }
        .name { font-family: ui-monospace, SF Mono, Menlo, Consolas, DejaVu Sans Mono, monospace; font-size: 13px; }
        td.mark { width: 1%; padding-right: 0; font-weight: 700; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(158px, 1fr)); gap: 12px; margin: 0; }
        .cards div { padding: 12px 16px; display: flex; flex-direction: column; }
        .cards dd { margin-top: auto; } .cards dd { font-size: 23px; font-weight: 600; line-height: 1.25; }
        .cards dd small { font-size: 14px; font-weight: 500; color: var(--soft); }
        .plots { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
        .plot { margin: 0; padding: 16px 18px 12px; display: flex; flex-direction: column; }
        .plot svg { margin-top: auto; padding-top: 4px; }
        .note { color: var(--soft); font-size: 13px; }
        .legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 6px 0 2px; padding: 0;
          font-size: 13px; }
        .legend i { display: inline-block; width: 14px; height: 4px; border-radius: 2px; margin-right: 6px;
          vertical-align: middle; }
        .stacked .legend i { height: 11px; }
        .figures { columns: 3 300px; column-gap: 32px; padding: 8px 16px 14px; }
        .figures section { break-inside: avoid; padding-top: 8px; }
        .figures td, .figures th { padding: 3px 0; border: 0; } .figures td.number { padding-left: 12px; }
        .figures .name { white-space: normal; overflow-wrap: anywhere; }
        footer { color: var(--soft); font-size: 13px; margin-top: 28px; }
        """

    private static let drawing = """
        svg { display: block; width: 100%; height: auto; }
        svg text { font-family: inherit; font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
        .grid { stroke: var(--grid); fill: none; } .base { stroke: var(--base); fill: none; }
        .line { fill: none; stroke-width: 2.2; stroke-linejoin: round; stroke-linecap: round; }
        .area { stroke: var(--sheet); stroke-width: 0.7; stroke-linejoin: round; }
        .bound { stroke: var(--good); stroke-width: 1.4; stroke-dasharray: 5 4; fill: none; }
        .goal { fill: var(--sheet); stroke: var(--good); stroke-width: 1.8; }
        .bound.missed, .goal.missed { stroke: var(--bad); }
        .before { fill: var(--ink); fill-opacity: 0.06; }
        svg text.mark { fill: var(--ink); paint-order: stroke; stroke: var(--sheet); stroke-width: 4px;
          stroke-linejoin: round; }
        .band { fill: var(--ink); fill-opacity: 0; } .band:hover { fill-opacity: 0.09; }
        """

    private static let windows = """
        @media (max-width: 760px) {
          main { padding: 24px 14px 36px; } h1 { font-size: 25px; } .plots { grid-template-columns: minmax(0, 1fr); }
          .plot { padding: 14px 12px 10px; } th, td { padding: 8px 10px; } .run { gap: 8px 20px; }
          .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } .cards div { padding: 10px 12px; }
        }
        @media (max-width: 620px) {
          .thresholds thead { display: none; }
          .thresholds tr { display: grid; grid-template-columns: 34px auto 1fr; padding: 8px 0;
            border-bottom: 1px solid var(--edge); }
          .thresholds tr:last-child { border-bottom: 0; }
          .thresholds td { border: 0; padding: 1px 10px 1px 0; text-align: left; white-space: normal; }
          .thresholds td.mark { padding-left: 12px; } .thresholds td.name { grid-column: 2 / 4; overflow-wrap: anywhere; }
          .thresholds td:nth-child(3) { grid-column: 2; } .thresholds td:nth-child(5) { grid-column: 2 / 4; }
        }
        @media (max-width: 520px) { svg text { font-size: 15px; } .cards dd { font-size: 20px; } }
        @media print {
          body { background: #ffffff; font-size: 11px; } main { max-width: none; padding: 0; }
          .plots { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; } .cards dd { font-size: 17px; }
          .cards { grid-template-columns: repeat(5, minmax(0, 1fr)); } h2 { margin: 20px 0 8px; }
          td, th { padding: 5px 10px; } .about { font-size: 14px; }
          .plot, .cards div, tr, .run { break-inside: avoid; } h2 { break-after: avoid; } .band { display: none; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }
        """
}
