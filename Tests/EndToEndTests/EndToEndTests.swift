import Testing

/// Real phones against a real overlay of several processes. One test after the other: each takes the whole machine.
@Suite(.serialized) struct EndToEndTests {}
