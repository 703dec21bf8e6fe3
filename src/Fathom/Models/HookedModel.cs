using Fathom.Components;
using Fathom.Hooks;
using Fathom.Native;
using Fathom.Tokenization;

namespace Fathom.Models;

/// <summary>A model whose weights and intermediates have names. Kinds of model add their own forward pass; the verbs on hooks are the same.</summary>
/// <remarks>Use a model from one thread at a time. Dispose it to free its weights.</remarks>
public abstract class HookedModel : Component, IDisposable
{
    private readonly List<HookRegistration> _added = [];
    private Tokenizer? _tokenizer;

    /// <summary>Builds the root of a tree of parts.</summary>
    private protected HookedModel(PartScope scope)
        : base(scope) => NativeLibraries.EnsureLoaded();

    /// <summary>Every weight slot of the model, whether bound or not.</summary>
    public IReadOnlyList<Weight> Weights => Scope.Weights;

    /// <summary>Every hook point of the model, optional ones included.</summary>
    public IReadOnlyList<HookPoint> HookPoints => Scope.Points;

    /// <summary>Every norm of the model.</summary>
    internal IReadOnlyList<Norm> Norms => Scope.Norms;

    /// <summary>Where the model came from.</summary>
    public ModelSource Source { get; internal set; } = ModelSource.Program;

    /// <summary>What the files said beside the numbers; <see langword="null"/> for a model that was not read from Hugging Face's kind of files.</summary>
    internal ModelOrigin? Origin { get; set; }

    /// <summary>The tokenizer.</summary>
    /// <exception cref="InvalidOperationException">The model has none.</exception>
    public Tokenizer Tokenizer
    {
        get => _tokenizer ?? throw new InvalidOperationException(TokenizerHint ?? $"{Source.Name} has no tokenizer: pass token ids instead of text, put tokenizer.json beside its weights, or set model.Tokenizer.");
        set => _tokenizer = value;
    }

    /// <summary>How to get the tokenizer that the model's files name and do not hold.</summary>
    internal string? TokenizerHint { get; set; }

    /// <summary>Whether the model has a tokenizer.</summary>
    public bool HasTokenizer => _tokenizer is not null;

    /// <summary>Ids of tokens with a role.</summary>
    public SpecialTokens SpecialTokens { get; set; } = SpecialTokens.None;

    /// <summary>Whether prompts get a beginning-of-sequence token unless a call says otherwise.</summary>
    public bool DefaultPrependBos { get; set; } = true;

    /// <summary>Where short prompts of a batch are filled unless a call says otherwise.</summary>
    public Side PaddingSide { get; set; } = Side.Right;

    /// <summary>The type the weights are held and computed in.</summary>
    public torch.ScalarType DType => Weights.First(w => w.IsBound).Value.dtype;

    /// <summary>The device the weights lie on.</summary>
    public torch.Device Device => Weights.First(w => w.IsBound).Value.device;

    /// <summary>The number of parameters: every bound weight once, tied ones counted once; no masks or tables.</summary>
    public long ParameterCount => Weights.Where(w => w.IsBound && w.TiedTo is null).Sum(w => w.Count);

    /// <summary>The hooks that were added and stay until reset, in the order they run.</summary>
    internal IReadOnlyList<HookRegistration> AddedHooks => _added;

    /// <summary>Finds a hook point by its full name or short form.</summary>
    /// <exception cref="UnknownHookException">No point has that name.</exception>
    public HookPoint Point(string name)
    {
        var full = ActivationName.Expand(name);
        return HookPoints.FirstOrDefault(p => p.Name == full) ?? throw new UnknownHookException(name, [.. HookPoints.Select(p => p.Name)]);
    }

    /// <summary>Finds a weight by its full name.</summary>
    /// <exception cref="ArgumentException">No weight has that name.</exception>
    public Weight Weight(string name) => Weights.FirstOrDefault(w => w.Name == name)
        ?? throw new ArgumentException($"No weight is called '{name}'.{NearestNames.Clause(name, Weights.Select(w => w.Name))}", nameof(name));

    /// <summary>Attaches a function to every run from now on, until the handle is disposed or hooks are reset.</summary>
    /// <param name="points">Which points.</param>
    /// <param name="function">What to do there.</param>
    /// <param name="permanent">Whether <see cref="ResetHooks"/> leaves it, unless told otherwise.</param>
    /// <param name="level">A label with which <see cref="ResetHooks"/> can remove just these.</param>
    /// <param name="prepend">Whether it runs before the functions already attached.</param>
    /// <exception cref="UnknownHookException">The filter matches nothing.</exception>
    public IDisposable AddHook(NameFilter points, HookFunction function, bool permanent = false, int? level = null, bool prepend = false)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(function);
        var registration = HookRegistration.For(points, HookPoints, function, permanent, level);
        _added.Insert(prepend ? 0 : _added.Count, registration);
        return new HookScope(() => _added.Remove(registration));
    }

    /// <summary>Attaches an observer to every run from now on, until the handle is disposed or hooks are reset.</summary>
    /// <inheritdoc cref="AddHook(NameFilter, HookFunction, bool, int?, bool)"/>
    public IDisposable AddHook(NameFilter points, Action<Tensor, HookPoint> function, bool permanent = false, int? level = null, bool prepend = false)
    {
        ArgumentNullException.ThrowIfNull(function);
        return AddHook(points, Observing(function), permanent, level, prepend);
    }

    /// <summary>Attaches functions for the length of a <c>using</c>; disposing removes exactly these, also after an exception.</summary>
    /// <param name="hooks">Points and functions.</param>
    public IDisposable Hooks(params (NameFilter Points, HookFunction Function)[] hooks)
    {
        ArgumentNullException.ThrowIfNull(hooks);
        List<HookRegistration> added = [.. hooks.Select(h => HookRegistration.For(h.Points, HookPoints, h.Function))];
        _added.AddRange(added);
        return new HookScope(() => _added.RemoveAll(added.Contains));
    }

    /// <summary>Removes attached functions.</summary>
    /// <param name="includingPermanent">Whether permanent ones go too.</param>
    /// <param name="level">Only those added at this level; all if <see langword="null"/>.</param>
    public void ResetHooks(bool includingPermanent = false, int? level = null) =>
        _added.RemoveAll(h => (includingPermanent || !h.IsPermanent) && (level is null || h.Level == level));

    /// <summary>Whether texts are framed by the tokenizer's own template (<c>[CLS] ... [SEP]</c>) rather than begun with one token.</summary>
    internal virtual bool FramesTexts => false;

    /// <summary>The number of token types (segments) the model tells apart; 0 if it knows none.</summary>
    internal virtual int TokenTypes => 0;

    /// <summary>Runs the model on a batch: its ids, mask and types unless the options have others.</summary>
    /// <returns>Logits, or the stream if the run stops at a layer. The caller disposes it.</returns>
    internal abstract Tensor RunBatch(TokenBatch batch, RunOptions options);

    /// <summary>Frees the weights.</summary>
    public void Dispose()
    {
        foreach (var weight in Weights)
        {
            weight.Unbind();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes an observer out of a function that returns nothing.</summary>
    internal static HookFunction Observing(Action<Tensor, HookPoint> function) => (activation, point) =>
    {
        function(activation, point);
        return null;
    };

    /// <summary>The hooks of one run: those added to the model, then the run's own.</summary>
    internal ActiveHooks Activate(IEnumerable<HookRegistration> own) => new([.. _added, .. own]);
}
