import ArgumentParser

/// A part of the benchmark that can be asked for by itself. The start is part of every run.
enum Measure: String, CaseIterable, ExpressibleByArgument {
    case start, idle, put, get, parallel, users, watch, deaths
}
