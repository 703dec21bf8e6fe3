namespace Fathom.Loading.Checkpoints.Pickles;

/// <summary>Names of the opcodes that are refused.</summary>
internal static class PickleOpcodes
{
    private static readonly Dictionary<byte, string> Names = new()
    {
        [(byte)'0'] = "POP", [(byte)'1'] = "POP_MARK", [(byte)'2'] = "DUP", [(byte)'F'] = "FLOAT", [(byte)'I'] = "INT", [(byte)'L'] = "LONG",
        [(byte)'P'] = "PERSID", [(byte)'S'] = "STRING", [(byte)'V'] = "UNICODE", [(byte)'d'] = "DICT", [(byte)'g'] = "GET", [(byte)'i'] = "INST",
        [(byte)'l'] = "LIST", [(byte)'o'] = "OBJ", [(byte)'p'] = "PUT", [0x80] = "PROTO (a second one)", [0x81] = "NEWOBJ", [0x82] = "EXT1",
        [0x83] = "EXT2", [0x84] = "EXT4", [0x91] = "FROZENSET", [0x92] = "NEWOBJ_EX", [0x97] = "NEXT_BUFFER", [0x98] = "READONLY_BUFFER",
    };

    /// <summary>The opcode's name, or its number.</summary>
    public static string Name(byte opcode) => Names.GetValueOrDefault(opcode, $"0x{opcode:X2} (unknown)");
}
