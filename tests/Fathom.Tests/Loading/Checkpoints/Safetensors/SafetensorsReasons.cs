namespace Fathom.Tests.Loading.Checkpoints.Safetensors;

/// <summary>Which words a refusal must carry for each reason the fixture manifest gives.</summary>
internal static class SafetensorsReasons
{
    private static readonly (string Why, string[] Words)[] Table =
    [
        ("shorter than 8 bytes", ["8 bytes of header length"]),
        ("header is not a JSON object", ["not a JSON object"]),
        ("header length is beyond the file", ["beyond the file"]),
        ("over the header cap", ["over the cap"]),
        ("not an object", ["not a JSON object", "must be an object"]),
        ("not JSON", ["not JSON"]),
        ("not UTF-8", ["not Unicode", "not JSON"]),
        ("not a Unicode text", ["not Unicode"]),
        ("must begin with {", ["not JSON"]),
        ("text after the object", ["not JSON"]),
        ("only spaces may follow", ["not JSON"]),
        ("duplicate", ["duplicate"]),
        ("data ends before the file", ["belong to no tensor"]),
        ("bytes no tensor owns", ["belong to no tensor"]),
        ("hole", ["hole"]),
        ("overlap", ["overlap"]),
        ("not contiguous", ["not contiguous"]),
        ("beyond the data", ["beyond the data"]),
        ("not a 64-bit integer", ["64-bit integer"]),
        ("not integers", ["64-bit integer"]),
        ("not an integer", ["64-bit integer"]),
        ("exactly two", ["exactly two", "more than 2"]),
        ("sign", ["64-bit integer"]),
        ("overflow", ["overflow"]),
        ("shape and offsets disagree", ["disagree"]),
        ("rank over 64", ["rank over 64"]),
        ("listing the known dtypes", ["the known ones are"]),
        ("names are exact", ["unknown dtype"]),
        ("not whole bytes", ["not whole bytes"]),
        ("dtype missing", ["dtype missing"]),
        ("shape missing", ["shape missing"]),
        ("data_offsets missing", ["data_offsets missing"]),
        ("unknown field", ["unknown field"]),
        ("text only", ["must be text"]),
        ("nesting", ["depth", "must be an object"]),
        ("never fall back", ["zip archive", "pickle", "not JSON", "beyond the file", "over the cap"]),
        ("git lfs pull", ["git lfs pull"]),
        ("naming what it looks like", ["web page"]),
        ("truncated", ["truncated", "too early", "8 bytes of header length", "not JSON"]),
    ];

    /// <summary>For reasons that say only "refuse": what the fixture did.</summary>
    private static readonly Dictionary<string, string[]> ByFault = new()
    {
        ["begin after end"] = ["after its end"],
        ["negative offset"] = ["non-negative"],
        ["offsets as text"] = ["non-negative integers"],
        ["negative dimensions"] = ["non-negative"],
        ["dimension as text"] = ["non-negative integers"],
        ["shape null"] = ["must be a list"],
        ["nested shape"] = ["non-negative integers"],
        ["dimension true"] = ["non-negative integers"],
        ["dtype float32"] = ["unknown dtype"],
        ["dtype 5"] = ["must be text"],
        ["dtype 'F32 '"] = ["unknown dtype"],
        ["entry is null"] = ["must be an object"],
        ["metadata is an array"] = ["must be an object"],
        ["metadata null"] = ["must be an object"],
        ["a tensor named __metadata__"] = ["must be text"],
        ["2^32 x 2^32 x 0"] = ["overflow"],
    };

    public static string[] For(string why, string wrong) =>
        ByFault.GetValueOrDefault(wrong) ?? Table.FirstOrDefault(row => why.Contains(row.Why, StringComparison.Ordinal)).Words
            ?? throw new InvalidOperationException($"no words for '{why}' ({wrong})");
}
