using System.Security.Cryptography;
using Fathom.Loading.Checkpoints;
using Fathom.Models;

namespace Fathom.Verification;

/// <summary>Compares a decoder with a folder of golden values of one model: what prompts predict, what happens inside, what it writes.</summary>
/// <remarks>
/// The folder has any of these files; each is compared whole, and other files are named in the report's notes.
/// <c>prompts.safetensors</c>, <c>loss.safetensors</c>: <c>tokens.NAME</c>, <c>[pos]</c>, and of it <c>logits_last.NAME</c>, <c>[d_vocab]</c>, or <c>loss_per_token.NAME</c>, <c>[pos - 1]</c> (the name with its dot may be left out).
/// <c>activations.json</c> and <c>activations.safetensors</c>: of the prompt <c>clean.bos</c>, for weights as loaded and for processed ones, shape, sum, mean magnitude and the ends of every activation; of weights as loaded also <c>resid_pre_0</c>, <c>resid_post</c>, <c>pattern</c>, and <c>z_last</c>, <c>rot_q_last</c>, <c>rot_k_last</c> of the last position.
/// <c>generation.json</c>: greedy continuations; those of <c>prompts</c> were made with a least length, under which the end of text is never chosen, those of <c>chats</c> without.
/// <c>tokens.json</c>: the ids of texts. A <c>manifest.json</c> with the hashes of the files is checked first.
/// </remarks>
public static class GoldenFolder
{
    private static readonly string[] Runs = ["prompts.safetensors", "loss.safetensors"];
    private static readonly string[] Known = [.. Runs, "prompts.json", "loss.json", GoldenActivations.Numbers, GoldenActivations.Facts, "generation.json", "tokens.json", "manifest.json"];

    /// <summary>Runs the model on what the folder holds and compares.</summary>
    /// <param name="model">The model. With processed weights, logits are compared after both sides are centred where the unembedding is, and activations with those of processed weights.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="tolerance">The largest difference accepted: of logits and losses in nats, of activations relative to the largest number of each vector where that is above one. Token ids must be equal.</param>
    /// <returns>What was compared with what, and by how much it differs.</returns>
    /// <exception cref="InvalidCheckpointException">The folder holds nothing of this kind, or a file is damaged.</exception>
    public static VerificationReport Compare(HookedTransformer model, string folder, double tolerance = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string At(string name) => Path.Combine(folder, name);
        var names = Directory.Exists(folder) ? Directory.GetFiles(folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList() : throw new InvalidCheckpointException(folder, "there is no such folder");
        if (!names.Any(n => Known.Contains(n) && n != "manifest.json"))
        {
            throw new InvalidCheckpointException(folder, $"it holds no golden values: expected some of {string.Join(", ", Known)}. Give a safetensors file with input_ids, or a folder of these");
        }

        CheckManifest(folder, names);
        using var gradients = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        GoldenReport report = new(tolerance, model.Source.Processing);
        foreach (var name in Runs.Where(names.Contains))
        {
            using var file = Checkpoint.Open(At(name));
            GoldenRuns.Compare(model, file, report);
        }

        if (names.Contains(GoldenActivations.Numbers) || names.Contains(GoldenActivations.Facts))
        {
            GoldenActivations.Compare(model, folder, report);
        }

        if (names.Contains("generation.json"))
        {
            GoldenTexts.Compare(model, GoldenJson.Read(At("generation.json")), report);
        }

        if (names.Contains("tokens.json"))
        {
            GoldenTexts.CompareTokens(model, GoldenJson.Read(At("tokens.json")), report);
        }

        var others = names.Except(Known).Select(n => Path.GetFileNameWithoutExtension(n)).Distinct().ToList();
        if (others.Count > 0)
        {
            report.Note($"Not compared, because they are no values of plain runs: {string.Join(", ", others)}.");
        }

        return report.Done();
    }

    /// <summary>Fails unless every file that a manifest lists and that is here is the one it lists.</summary>
    private static void CheckManifest(string folder, List<string> names)
    {
        var manifest = Path.Combine(folder, "manifest.json");
        if (!names.Contains("manifest.json") || GoldenJson.Read(manifest) is var facts && !facts.Has("files"))
        {
            return;
        }

        var files = facts.Part("files");
        foreach (var name in files.Keys.Where(names.Contains))
        {
            using var stream = File.OpenRead(Path.Combine(folder, name));
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != files.Part(name).Text("sha256"))
            {
                throw new InvalidCheckpointException(Path.Combine(folder, name), "its SHA-256 is not the one that manifest.json beside it names: the golden file was changed or damaged. Copy the folder again");
            }
        }
    }
}
