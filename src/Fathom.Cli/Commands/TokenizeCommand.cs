using System.CommandLine;
using System.Text;
using Fathom.Tokenization;
using Encoding = Fathom.Tokenization.Encoding;

namespace Fathom.Cli.Commands;

/// <summary>Shows a text as the model sees it.</summary>
internal sealed class TokenizeCommand : CliCommand
{
    private readonly Argument<string?> _text = new("TEXT") { Description = "The text; standard input if it is left out or -", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string?> _model = SharedOptions.Model();
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Read the text from this UTF-8 file", HelpName = "FILE" };
    private readonly Option<bool> _plain = new("--no-special") { Description = "Without the special tokens that the tokenizer's template adds" };

    internal override string Name => "tokenize";

    internal override string Summary => "Show a text's tokens: ids, pieces, bytes, special ones";

    internal override IReadOnlyList<string> Examples =>
    [
        "fathom tokenize \"Her name was Alex Hart\"",
        "fathom tokenize --file README.md --json",
        "echo \"naïve 🙂\" | fathom tokenize -m ./my-model",
    ];

    internal override void Define(Command command)
    {
        command.Arguments.Add(_text);
        command.Options.Add(_model);
        command.Options.Add(_file);
        command.Options.Add(_plain);
    }

    internal override int Run(Invocation run)
    {
        var (model, _) = UserSettings.ModelFor(run.Value(_model), run.Terminal);
        var text = TextOf(run);
        var tokenizer = TokenizerSource.Load(model, run.Terminal);
        var encoding = tokenizer.Encode(text, !run.Value(_plain));
        if (run.Json)
        {
            WriteJson(run, model, text, tokenizer, encoding);
            return ExitCode.Success;
        }

        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        var table = new TextTable("pos", "id", "token", "bytes", "special");
        for (var i = 0; i < encoding.Length; i++)
        {
            var span = encoding.Utf8Offsets[i];
            table.Add(i, encoding.Ids[i], tokenizer.DisplayName(encoding.Ids[i]), Hex(bytes.AsSpan(span.Start..span.End)), encoding.SpecialTokensMask[i] ? "template" : IsSpecial(tokenizer, encoding.Ids[i]) ? "special" : "");
        }

        run.Write(table);
        run.Note($"{encoding.Length} tokens; the vocabulary of {model} has {tokenizer.VocabularySize}.");
        return ExitCode.Success;
    }

    private string TextOf(Invocation run)
    {
        if (run.Value(_file) is not { } file)
        {
            return run.TextOrInput(run.Value(_text), "TEXT");
        }

        if (run.Value(_text) is not null)
        {
            throw CommandException.Usage("Give a TEXT or a --file, not both.");
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(InputFile.ReadAll(file));
        }
        catch (DecoderFallbackException cause)
        {
            throw new CommandException(ExitCode.Failure, $"{file} is not UTF-8 text (a bad byte at {cause.Index}). Convert it first.", cause);
        }
    }

    private static bool IsSpecial(Tokenizer tokenizer, int id) => tokenizer.AddedTokens.Any(token => token.Id == id && token.Special);

    private static string Hex(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            text.Append(text.Length > 0 ? " " : "").Append(value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }

    private static void WriteJson(Invocation run, string model, string text, Tokenizer tokenizer, Encoding encoding) => run.WriteJson("fathom.tokenize/1", json =>
    {
        json.WriteString("model", model);
        json.WriteString("text", text);
        json.WriteNumber("vocabulary", tokenizer.VocabularySize);
        json.WriteArray("tokens", Enumerable.Range(0, encoding.Length), i =>
        {
            json.WriteStartObject();
            json.WriteNumber("id", encoding.Ids[i]);
            json.WriteString("piece", encoding.Tokens[i]);
            json.WriteString("text", tokenizer.Decode([encoding.Ids[i]]));
            json.WriteString("display", tokenizer.DisplayName(encoding.Ids[i]));
            json.WriteNumber("start", encoding.Utf8Offsets[i].Start);
            json.WriteNumber("end", encoding.Utf8Offsets[i].End);
            json.WriteBoolean("special", encoding.SpecialTokensMask[i] || IsSpecial(tokenizer, encoding.Ids[i]));
            json.WriteEndObject();
        });
    });
}
