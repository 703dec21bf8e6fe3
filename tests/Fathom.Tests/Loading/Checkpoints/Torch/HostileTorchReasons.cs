using System.Text.RegularExpressions;

namespace Fathom.Tests.Loading.Checkpoints.Torch;

/// <summary>Which words a refusal must carry for each reason the fixture manifest gives.</summary>
internal static partial class HostileTorchReasons
{
    private static readonly (string Why, string[] Words)[] Table =
    [
        ("the view does not fit its storage", ["does not fit its storage"]),
        ("numel * itemsize is not the record's length", ["numel * itemsize"]),
        ("the record's length is not numel * itemsize", ["numel * itemsize"]),
        ("length mismatch", ["numel * itemsize"]),
        ("dense size exceeds the file", ["dense size"]),
        ("beyond 2 x the file's length", ["dense size"]),
        ("a key has one element type", ["one element type"]),
        ("keys are 1 to 20 digits", ["1 to 20 ASCII digits"]),
        ("nesting limit", ["nests deeper", "stack"]),
        ("refuse cycles", ["nests deeper", "cycle"]),
        ("every walk counts visits", ["repeats its parts", "no dict of tensors"]),
        ("bytearray takes bytes only", ["bytearray takes bytes only"]),
        ("SETITEM needs a dict", ["needs a dict"]),
        ("root is not a dict of tensors", ["not a dict of tensors"]),
        ("stack underflow", ["stack underflow"]),
        ("the pickle ends early", ["ends early", "ends inside", "values and", "not in the closed set", "goes beyond the pickle"]),
        ("STACK_GLOBAL needs two strings", ["two strings"]),
        ("keyed by the pair", ["closed set", "which is not read"]),
        ("unknown global, printed escaped", ["closed set"]),
        ("refuse, with the documented error type", ["not ASCII"]),
        ("name longer than 256", ["longer than 256"]),
        ("only a global can be called", ["only a global can be called"]),
        ("must be a plain dict", ["a plain dict is expected"]),
        ("refuse BUILD on a tensor", ["BUILD on a tensor"]),
        ("state of a tensor may hold no name", ["the state of a tensor may hold no such name"]),
        ("refuse, as above", ["the state of a tensor may hold no such name"]),
        ("as attr_state_sets_data", ["the state of a tensor may hold no such name"]),
        ("its function must be one of the tensor rebuilds", ["must be one of the tensor rebuilds"]),
        ("one level only", ["must be one of the tensor rebuilds"]),
        ("a Parameter wraps a tensor", ["a Parameter wraps a tensor"]),
        ("tensor classes cannot be called", ["tensor classes cannot be called", "torch.FloatTensor"]),
        ("the only codec is latin1", ["the only codec is latin1", "goes beyond", "at most 1048576"]),
        ("not latin1", ["not latin1"]),
        ("Counter only from a dict", ["only from a dict"]),
        ("set members are scalars", ["set members are scalars"]),
        ("hooks must be an empty OrderedDict", ["hooks must be an empty OrderedDict", "unknown tensor metadata"]),
        ("naming the key", ["unknown tensor metadata"]),
        ("refuse sparse by name", ["_rebuild_sparse_tensor"]),
        ("refuse by name: no data", ["_rebuild_meta_tensor_no_storage"]),
        ("a table of two layouts", ["_get_layout"]),
        ("compare before allocating", ["goes beyond the pickle", "claims", "ends inside"]),
        ("memo is a dictionary; unknown index", ["never stored", "closed set", "stack underflow", "MEMOIZE"]),
        ("opcode by name and position", ["the opcode"]),
        ("PROTO 2 to 5", ["PROTO"]),
        ("bytes after STOP", ["bytes after STOP"]),
        ("one value must be left", ["one value must be left"]),
        ("keys are strings or integers", ["keys are strings or integers"]),
        ("refuse NEWOBJ", ["NEWOBJ", "torch.FloatTensor"]),
        ("refuse the opcode by name", ["the opcode"]),
        ("no tensors", ["no tensors"]),
        ("duplicate name", ["duplicate name"]),
        ("not UTF-8", ["not UTF-8"]),
        ("keep paths as lists", ["duplicate name"]),
        ("the same name twice once written as text", ["duplicate name"]),
        ("persistent id must be", ["persistent id", "no record of the archive", "numel * itemsize", "closed set", "which is not read"]),
        ("rank over 64", ["rank over 64"]),
        ("sizes are integers", ["sizes are integers"]),
        ("wrong number of arguments", ["wrong number of arguments"]),
        ("a typed storage has its own dtype", ["a typed storage has its own dtype"]),
        ("refuse the dtype by name", ["torch.uint4", "torch.qint8"]),
        ("ratio over 100", ["ratio of at most 100"]),
        ("data/* must be stored", ["must be stored"]),
        ("entries overlap", ["overlap"]),
        ("overlap, and local name differs", ["overlap", "disagree"]),
        ("duplicate names", ["duplicate names"]),
        ("names equal but for case", ["equal but for case"]),
        ("empty, '.' or", ["zip entry name"]),
        ("no data.pkl", ["no data.pkl"]),
        ("entry name (nothing", ["zip entry name"]),
        ("top folder is one plain part", ["zip entry name"]),
        ("more than one top folder", ["more than one top folder"]),
        ("an entry is a regular file", ["a regular file"]),
        ("local header and directory disagree", ["disagree", "overlap"]),
        ("descriptor and directory disagree", ["descriptor differs"]),
        ("CRC is neither 0", ["CRC"]),
        ("no local header at that offset", ["no local header", "begins at byte"]),
        ("outside the file", ["outside the file", "disagree", "claims", "overlap", "malformed"]),
        ("two sizes for one entry", ["two sizes for one entry"]),
        ("encrypted", ["encrypted"]),
        ("refuse: method", ["compression method"]),
        ("several disks", ["several disks"]),
        ("directory size does not fit its entries", ["does not fit", "does not end at"]),
        ("must begin with a local header at 0", ["must begin with a zip local header", "does not end at", "begins at byte"]),
        ("the file ends at the end record", ["does not end with a zip end record"]),
        ("bytes before the first entry", ["begins at byte", "does not end at"]),
        ("archive comment", ["comment", "does not end at"]),
        ("gap larger than", ["a gap"]),
        ("version 1 to 10", ["version 1 to 10"]),
        ("'little' or 'big' exactly", ["'little' or 'big' exactly"]),
        ("TorchScript", ["TorchScript"]),
        ("not a torch checkpoint", ["not a torch checkpoint"]),
        ("every storage in the pickle must be in the list", ["every storage must be in the list"]),
        ("duplicate key", ["duplicate key"]),
        ("a list of texts", ["a list of texts"]),
        ("counts differ", ["the counts differ", "too short"]),
        ("file too short", ["too short"]),
        ("file too long", ["too long"]),
        ("view outside its storage or malformed", ["malformed or outside its storage", "does not fit its storage"]),
        ("the kind 'module'", ["kind 'module'"]),
        ("tar checkpoints", ["tar archive"]),
        ("naming what the file looks like", ["looks like", "truncated", "empty zip", "magic number"]),
        ("truncated", ["truncated", "ends early", "too short", "looks like", "ends inside", "end record", "one value must be left", "closed set"]),
        ("refuse by name", ["which is not read", "UntypedStorage"]),
    ];

    /// <summary>For reasons that say only "refuse", by category.</summary>
    private static readonly Dictionary<string, string[]> ByCategory = new()
    {
        ["pickle"] = ["odd count", "needs a list", "keys are strings or integers", "BUILD", "not UTF-8"],
        ["gadget"] = ["BUILD", "a plain dict", "_codecs.encode"],
        ["cycle"] = ["a plain dict", "BUILD"],
        ["geometry"] = ["in place of", "sizes are integers"],
        ["zip"] = ["directory claims", "does not fit", "no entry", "does not end at", "data.pkl", "the zip directory", "ends early"],
        ["zip64"] = ["zip64"],
        ["polyglot"] = ["zip end record", "comment", "begins at byte", "does not end at"],
        ["legacy"] = ["protocol", "every storage must be in the list", "a list of texts"],
    };

    public static string[] For(string category, string why)
    {
        if (GlobalName().Match(why) is { Success: true } name)
        {
            return [name.Groups[1].Value.TrimEnd('.')];
        }

        if (OpcodeName().Match(why) is { Success: true } opcode)
        {
            return [$"the opcode {opcode.Groups[1].Value}"];
        }

        return Table.FirstOrDefault(row => why.Contains(row.Why, StringComparison.Ordinal)).Words ?? ByCategory.GetValueOrDefault(category) ?? throw new InvalidOperationException($"no words for '{why}' ({category})");
    }

    [GeneratedRegex(@"at the GLOBAL(?:, naming |\s*\()([A-Za-z0-9_.]+)")]
    private static partial Regex GlobalName();

    [GeneratedRegex(@"refuse the opcode ([A-Z0-9_]+) by name")]
    private static partial Regex OpcodeName();
}
