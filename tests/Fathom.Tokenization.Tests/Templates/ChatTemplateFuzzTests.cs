using System.Diagnostics;
using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Tests.Templates;

public class ChatTemplateFuzzTests
{
    private static readonly ChatTemplateLimits Tight = new() { MaxSteps = 100_000, MaxAllocation = 2_000_000, MaxOutputLength = 1_000_000 };

    private static readonly string[] Pieces =
    [
        "{{", "}}", "{%", "%}", "{#", "#}", "-%}", "{%-", "{{-", "(", ")", "[", "]", "{", "}", "'", "\"", "|", ".", ",", ":", "=", "~", "+", "-", "*", "**", "//", "%", "\\", "\n", "\ud83d", "é",
        "for x in messages", "endfor", "if", "else", "endif", "set x = ", "macro m(a)", "endmacro", "call m()", "endcall", "filter upper", "endfilter", "raw", "endraw", "loop", "namespace()", "range(9)",
        "is", "not", "in", "and", "or", "recursive", "tojson", "join", "trim", "none", "true", "1", "0x", "1e9", "99999999999", "-1", "*args", "**kw", "self", "caller()", "generation", "with", "break",
    ];

    private static int Count => Environment.GetEnvironmentVariable("CI") == "true" ? 100_000 : 4_000;

    [Fact]
    public void A_mutated_template_renders_or_is_refused_and_never_hangs_or_crashes()
    {
        string[] seeds =
        [
            .. ChatFixtures.Lines("chat-jinja/snippets.jsonl").Select(l => l.GetProperty("template").GetString()!),
            .. new[] { "chatml", "inst", "harmony-like", "tools-json", "control" }.Select(n => ChatFixtures.Text($"chat-jinja/{n}.jinja")),
            ChatFixtures.Text("qwen3/chat_template.jinja"),
        ];
        Random random = new(20_250_102);
        var (refused, rendered) = (0, 0);
        var slowest = TimeSpan.Zero;
        for (var i = 0; i < Count; i++)
        {
            var template = Mutate(random, seeds[random.Next(seeds.Length)]);
            var watch = Stopwatch.StartNew();
            try
            {
                ChatTemplate.Parse(template, Tight).RenderVariables(ChatFixtures.Context, ChatFixtures.Now);
                rendered++;
            }
            catch (ChatTemplateException)
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"{e.GetType()} for the template:\n{template}\n{e}");
            }
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
        }
        Assert.True(refused > Count / 10 && rendered > Count / 10, $"{refused} refused, {rendered} rendered: the mutations do not reach both.");
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"one took {slowest}");
    }

    private static string Mutate(Random random, string template)
    {
        for (var edits = 1 + random.Next(4); edits > 0; edits--)
        {
            var at = random.Next(template.Length + 1);
            var length = Math.Min(random.Next(1, 12), template.Length - at);
            template = random.Next(4) switch
            {
                0 => template.Remove(at, length),
                1 => template.Insert(at, Pieces[random.Next(Pieces.Length)]),
                2 => template.Remove(at, length).Insert(at, Pieces[random.Next(Pieces.Length)]),
                _ => template.Insert(random.Next(template.Length + 1), template.Substring(at, length)),
            };
        }
        return template;
    }
}
