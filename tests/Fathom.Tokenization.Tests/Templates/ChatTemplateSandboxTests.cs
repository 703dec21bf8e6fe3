using System.Diagnostics;
using Fathom.Tokenization.Templates;

namespace Fathom.Tokenization.Tests.Templates;

public class ChatTemplateSandboxTests
{
    /// <summary>Templates that would run for ever, fill the memory or overflow the stack in an interpreter without limits.</summary>
    public static TheoryData<string> Bombs =>
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=[]) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s == [ns.s] }}{{ ns.s | tojson }}",
        "{% set ns = namespace(s=(), t=()) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% set ns.t = (ns.t, ns.t) %}{% endfor %}{{ ns.s == ns.t }}",
        "{% set ns = namespace(s=()) %}{% for i in range(60) %}{% set ns.s = (ns.s, ns.s) %}{% endfor %}{{ {ns.s: 1} }}",
        "{% set ns = namespace(s=[]) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace() %}{% set ns.s = ns %}{{ ns }}",
        "{{ 'x' * 1000000000 }}",
        "{{ [1] * 1000000000 }}",
        "{{ 9 ** 9999999 }}",
        "{% set ns = namespace(n=3) %}{% for i in range(100000) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%.1000000000f' % 1 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:.999999999f}'.format(1.0) }}",
        "{{ 'x'.center(1000000000) }}{{ 'x'.zfill(1000000000) }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ 'x' | indent(1000000000) }}",
        "{{ 'a\nb' | indent(1000000000) }}",
        "{{ [[[1]]] | tojson(indent=1000000000) }}",
        "{{ [1] | batch(1000000000, 'x') | list }}",
        "{{ [1] | slice(1000000000) | list }}",
        "{{ ('x' * 1000000).replace('x', 'x' * 1000000) }}",
        "{{ ('x' * 1000000).replace('', 'x' * 1000000) }}",
        "{{ ('x' * 1000000) | join('x' * 1000000) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{% macro f() %}{% call f() %}{{ caller() }}{% endcall %}{% endmacro %}{{ f() }}",
        "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
        "{% for a in range(100000) %}{{ ('a' * 100000 + 'b') in ('a' * 1000000) }}{% endfor %}",
        "{% for a in range(100000) %}{{ ('a' * 1000000)[a] }}{% endfor %}",
        "{% for a in range(100000) %}{{ 'x' * 1000 }}{% endfor %}",
        "{% for a in range(100000) %}{{ (1 if false).x is defined }}{% endfor %}{% for a in range(100000) %}{% for b in range(1000) %}{{ 1 if false }}{% endfor %}{% endfor %}",
        "{% set x = range(100000) | list %}{% for a in x %}{{ a in x }}{% endfor %}",
        "{% set x = range(100000) | list %}{% for a in x %}{% set y = x | sort %}{% endfor %}",
        "{% set x = range(50000) | map('string') | list %}{% for a in x %}{{ x | unique | list | length }}{% endfor %}",
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Stops_a_hostile_template_by_a_limit(string template)
    {
        var watch = Stopwatch.StartNew();
        var before = GC.GetTotalAllocatedBytes();
        // The default limits in CI; a tenth of the steps elsewhere, so that the tests stay fast.
        var limits = Environment.GetEnvironmentVariable("CI") == "true" ? ChatTemplateLimits.Default : new ChatTemplateLimits { MaxSteps = 1_000_000 };
        var error = Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(template, limits).Render([]));
        Assert.True(error.Fault is ChatTemplateFault.Limit or ChatTemplateFault.Undefined, error.Message);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), $"took {watch.Elapsed}");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 4L << 30);
    }

    [Theory]
    [InlineData("(")]
    [InlineData("[")]
    [InlineData("{1:")]
    [InlineData("-")]
    [InlineData("not ")]
    [InlineData("a[")]
    [InlineData("a(")]
    [InlineData("a|join(")]
    [InlineData("a is in(")]
    [InlineData("1 if ")]
    [InlineData("1 if 1 else ")]
    public void Refuses_expressions_nested_without_end(string open) =>
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse("{{ " + string.Concat(Enumerable.Repeat(open, 50_000)) + "1"));

    [Theory]
    [InlineData("{% if 1 %}")]
    [InlineData("{% for a in b %}")]
    [InlineData("{% set a %}")]
    [InlineData("{% macro a() %}")]
    [InlineData("{% filter upper %}")]
    [InlineData("{% with %}")]
    [InlineData("{% call a() %}")]
    [InlineData("{% set (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((")]
    public void Refuses_blocks_nested_without_end(string open) =>
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(string.Concat(Enumerable.Repeat(open, 20_000))));

    [Fact]
    public void Evaluates_long_flat_expressions()
    {
        Assert.Equal("20001", ChatTemplate.Parse("{{ 1" + string.Concat(Enumerable.Repeat(" + 1", 20_000)) + " }}").Render([]));
        Assert.Equal("True", ChatTemplate.Parse("{{ true" + string.Concat(Enumerable.Repeat(" and true", 20_000)) + " }}").Render([]));
        Assert.Equal(20_001, ChatTemplate.Parse("{{ 'a'" + string.Concat(Enumerable.Repeat(" ~ 'a'", 20_000)) + " }}").Render([]).Length);
    }

    [Fact]
    public void Refuses_a_template_that_is_too_long() => Assert.Equal(ChatTemplateFault.Limit,
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(new string('x', 1_000_001))).Fault);

    [Theory]
    [InlineData("{{ ''.__class__.__mro__ }}")]
    [InlineData("{{ ''['__class__'].__mro__ }}")]
    [InlineData("{{ (''|attr('__class__')).__mro__ }}")]
    [InlineData("{{ messages.GetType() }}")]
    [InlineData("{{ messages.append(1) }}")]
    [InlineData("{{ '{0.__class__}'.format(1) }}")]
    [InlineData("{{ range.__globals__ }}{{ range.__globals__.x }}")]
    [InlineData("{{ self._TemplateReference__context.x }}")]
    [InlineData("{{ cycler.__init__.__globals__.os }}")]
    public void Gives_nothing_of_the_machine_away(string template) =>
        Assert.Throws<ChatTemplateException>(() => ChatTemplate.Parse(template).Render([ChatMessage.User("x")]));

    [Fact]
    public void A_large_conversation_is_no_attack()
    {
        var template = ChatTemplate.Parse(ChatFixtures.Text("qwen3/chat_template.jinja"));
        var messages = Enumerable.Range(0, 2_000).Select(i => i % 2 == 0 ? ChatMessage.User(new string('q', 2_000)) : ChatMessage.Assistant("<think>\nx\n</think>\n" + new string('a', 2_000))).ToList();
        Assert.True(template.Render(messages).Length > 4_000_000);
    }
}
