using System.Text.Json;
using Fathom.Configuration;

namespace Fathom.Architectures;

/// <summary>One model family: how to read its config.json and where its tensors go. Nothing else.</summary>
public abstract class Architecture
{
    /// <summary>The values of <c>architectures[0]</c> in config.json that this file reads; the first is the id.</summary>
    public abstract IReadOnlyList<string> Ids { get; }

    /// <summary>What the family is called, for tables.</summary>
    public abstract string Family { get; }

    /// <summary>Which class computes the family.</summary>
    public virtual ModelKind Kind => ModelKind.Decoder;

    /// <summary>The prefix of tensor names that files of the bare model leave out, e.g. <c>transformer.</c>.</summary>
    public virtual string BasePrefix => "";

    /// <summary>Endings of tensor names that old files hold and no forward pass reads: buffers, heads of other tasks.</summary>
    public virtual IReadOnlyList<string> StaleTensors => [];

    /// <summary>Tensors in which files repeat the embedding, once for each stack. A file in which one of them holds other numbers is refused.</summary>
    public virtual IReadOnlyList<string> EmbeddingCopies => [];

    /// <summary>Whether prompts get a beginning-of-sequence token unless the user says otherwise.</summary>
    public virtual bool PrependBos => true;

    /// <summary>Whether entry <c>i</c> of the reference implementation's hidden states is what block <c>i</c> gives rather than what it reads, for reading its dumps.</summary>
    public virtual bool HiddenStatesAreOutputs => false;

    /// <summary>Keys of this family's configs that cannot change what the model computes.</summary>
    protected virtual IReadOnlyList<string> InertKeys => [];

    /// <summary>The table of parameters: ours, the checkpoint's, and the rearrangement between them.</summary>
    /// <param name="config">The config that <see cref="ReadConfig"/> made, for families whose table depends on it.</param>
    public abstract IReadOnlyList<WeightRule> Weights(ModelConfig config);

    /// <summary>The config of the part that is computed, where the files hold more than that (a model that also sees images); <see langword="null"/> where they do not. A model that is saved is that part.</summary>
    /// <param name="config">The config of the whole.</param>
    internal virtual JsonElement? ConfigOfPart(JsonElement config) => null;

    /// <summary>The name that a tensor of the whole has in files of the part alone.</summary>
    /// <param name="name">Its name in files of the whole.</param>
    internal virtual string NameInPart(string name) => name;

    /// <summary>Reads a config and refuses it if any key was left unread.</summary>
    /// <param name="json">The parsed config.json.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="ConfigException">The config lacks a key, holds a value that is not implemented, or has a key that nobody reads.</exception>
    public ModelConfig ReadConfig(JsonElement json, string source)
    {
        HubConfig hub = new(json, source);
        var config = Read(hub);
        hub.RefuseUnread(Ids[0], InertKeys);
        return config;
    }

    /// <summary>Maps config.json to our configuration.</summary>
    protected abstract ModelConfig Read(HubConfig hub);
}
