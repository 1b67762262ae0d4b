import Identity
import Primitives

/// What follows from the inputs of ``VectorTests``, computed a second time by an independent program written from
/// docs/protocol.md alone.
enum Vectors {
    static let initiatorKey = hex(
        "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8")
    static let initiatorID = hex(
        "9d24e2eeaf27c2a088a564a32fc03a882dcd9804dbc0d03a119491e54ba0c933")
    static let responderKey = hex(
        "29acbae141bccaf0b22e1a94d34d0bc7361e526d0bfe12c89794bc9322966dd7")
    static let responderAgreement = hex(
        "5730800ab340fcb18ce5111eda9d705f91388b41e4544cbd103ba5942db2233e")
    static let hello = hex(
        """
        e1808182838485868788898a8b8c8d8e8f00000000000000000000000000000000000000000000000000000000000000\
        000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00005e95cf958c64b0bdbfa4ad8ec8b4baee
        """)
    static let challenge = hex(
        """
        e2808182838485868788898a8b8c8d8e8f07909192939495969798999a9b9c9d9e9f29acbae141bccaf0b22e1a94d34d\
        0bc7361e526d0bfe12c89794bc9322966dd7675dd574ed7789310b3d2e7681f3790b466c773b1521fecf36577958371e\
        a52f9a72c3eae39cc13d7afb6ff9e2327ac7
        """)
    static let notice = hex(
        "e6808182838485868788898a8b8c8d8e8fa51d6c9d30b1115fb6313e31fabe3209")
    static let transcript = hex(
        "4e137c95568045161d17fea78f63701093b2cd5035180cd38666f1c09fe3b241")
    static let answerKey = hex(
        "0fe149bbc57a3aa89560b371d7c34217560b7bbab37d2c0b6934ff21c71a508a")
    static let signature = hex(
        """
        a36586001ad2bd37d7e2e5ecea381b6dff7aa255b04104f63496e0bb6dca38091cdd1c2cf11fe3d8a593891adf42f8c9\
        800946a2cc4dda6567c6c4ec3ec4b604
        """)
    static let answer = hex(
        """
        e3808182838485868788898a8b8c8d8e8f07909192939495969798999a9b9c9d9e9f79a631eede1bf9c98f12032cdead\
        d0e7a079398fc786b88cc846ec89af85a51aa0a1a2a3a4a5a6a79648a9d2e78d81204dae64c89aed1cd6cdb62e04275a\
        13bf43c50c1bb5420c3c144ddd0952f3f290e95c0f0ecc71e85f8ccb46ebe88b3ff4b5ce1b8636620b8cdf91b6fd6e7e\
        e092541c98b00f5feb844b5bf4d3bfe4b0b62f9ad8bc2a99f7d4915914e488f5a2aacc093aed771140a2b68fa1b8a130\
        878ce4ddebef601dcc4633257e
        """)
    static let fromInitiator = hex(
        "13dc11a22373638ca008898820f4acf08e75d7187d6327368d05cab7badaae19")
    static let fromResponder = hex(
        "7530ee43df3869a546b8af68a0817246737dbd9702e38c33dbf2e65507927747")
    static let acceptance = hex(
        """
        e4a0a1a2a3a4a5a6a7b0b1b2b3b4b5b6b70000000000000000bea00b5a7732de02057b8960aeeff01cc92368359cc400\
        595b5b6f6e4796cd57bb6605c96d438c2401
        """)
    static let record = hex(
        """
        e5b0b1b2b3b4b5b6b70000000000000000b73747229328ef4504db5a32e8e46067aa1961cee5ccc40d3c9be090483af3\
        684f671339
        """)

    private static func hex(_ text: String) -> [UInt8] { Hex.decode(text)! }
}
