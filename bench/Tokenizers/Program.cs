using System.Globalization;
using Fathom.Bench.Tokenizers;

// dotnet run -c Release --project bench/Tokenizers -- FOLDER... [--text NAME=FILE]... [--npm FOLDER_WITH_node_modules] [--rounds N]
List<string> folders = [];
List<(string Name, string Text)> texts = [];
string? npm = null;
var rounds = 7;
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--text":
            var (name, file) = (args[++i].Split('=')[0], args[i].Split('=')[1]);
            texts.Add((name, File.ReadAllText(file)));
            break;
        case "--npm":
            npm = Path.GetFullPath(args[++i]);
            break;
        case "--rounds":
            rounds = int.Parse(args[++i], CultureInfo.InvariantCulture);
            break;
        default:
            folders.Add(args[i].TrimEnd('/'));
            break;
    }
}

if (folders.Count == 0)
{
    Console.WriteLine("Name tokenizer folders: gpt2, llama3 or smollm2 by their last part. Text: --text prose=FILE --text code=FILE; this repository's own files otherwise.");
    return 2;
}

if (texts.Count == 0)
{
    texts = [("prose", Corpus.Gather("*.md")), ("code", Corpus.Gather("*.cs"))];
}

Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}, median of {rounds} rounds, documents of about 4,000 characters");
Console.WriteLine("| vocabulary | text | contestant | ids | MB/s, one thread | MB/s, parallel | load, ms | memory, MB |");
Console.WriteLine("|---|---|---|---|---|---|---|---|");
foreach (var folder in folders)
{
    var contestants = Contestants.For(folder);
    foreach (var (name, text) in texts)
    {
        var documents = Corpus.Cut(text);
        var megabytes = documents.Sum(System.Text.Encoding.UTF8.GetByteCount) / 1e6;
        foreach (var row in Race.Run(contestants, documents, rounds))
        {
            Print(folder, name, row.Contestant.Name, row.Ids, megabytes / row.Single, megabytes / row.Parallel, row.Contestant.LoadMilliseconds, row.Contestant.Megabytes);
        }

        if (npm is not null && Yardstick.Run(folder, documents, npm, rounds) is { } native)
        {
            Print(folder, name, "npm tokenizers (native)", native.Count, megabytes / native.Single * 1000, megabytes / native.Batch * 1000, native.Load, native.Memory);
        }
    }
}

return 0;

static void Print(string folder, string text, string contestant, int ids, double single, double parallel, double load, double memory) =>
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileName(folder)} | {text} | {contestant} | {ids} | {single:F1} | {parallel:F1} | {load:F0} | {memory:F1} |"));
