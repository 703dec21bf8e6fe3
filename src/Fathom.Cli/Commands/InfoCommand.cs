using System.Runtime.InteropServices;
using Fathom.Hub;
using Fathom.Native;
using Fathom.Tensors;
using TorchSharp;

namespace Fathom.Cli.Commands;

/// <summary>Says what this machine is and what Fathom does with it.</summary>
internal sealed class InfoCommand : CliCommand
{
    internal override string Name => "info";

    internal override string Summary => "Versions, processors, memory, devices, folders";

    internal override IReadOnlyList<string> Examples => ["fathom info", "fathom info --json"];

    internal override int Run(Invocation run)
    {
        var policy = ComputePolicy.Current;
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        var loaded = NativeLibraries.Loaded;
        var cuda = torch.cuda.is_available();
        var hub = HubOptions.FromEnvironment(run.Terminal.Variable);
        var (model, origin) = UserSettings.ModelFor(null, run.Terminal);
        if (run.Json)
        {
            run.WriteJson("fathom.info/1", json =>
            {
                json.WriteString("dotnet", Environment.Version.ToString());
                json.WriteString("system", RuntimeInformation.OSDescription);
                json.WriteString("architecture", RuntimeInformation.ProcessArchitecture.ToString());
                json.WriteString("torchsharp", TorchSharpVersion());
                json.WriteNumber("processors", Environment.ProcessorCount);
                json.WriteNumber("memory_bytes", memory);
                json.WriteStartArray("devices");
                json.WriteStringValue("cpu");
                for (var i = 0; cuda && i < torch.cuda.device_count(); i++)
                {
                    json.WriteStringValue($"cuda:{i}");
                }

                json.WriteEndArray();
                json.WriteStartObject("compute");
                json.WriteNumber("threads", policy.Threads);
                json.WriteString("matmul", policy.Matmul.ToString());
                json.WriteString("matmul_reason", policy.MatmulReason);
                json.WriteReal("product_error", policy.ProductError);
                json.WriteString("allocator", policy.Allocator);
                json.WriteEndObject();
                json.WriteString("default_model", model);
                json.WriteString("default_model_origin", origin);
                json.WriteString("model_cache", hub.CacheFolder);
                json.WriteBoolean("offline", hub.Offline);
                if (loaded is not null)
                {
                    json.WriteString("libtorch", loaded.LibTorch);
                    json.WriteBoolean("shim_version_need_made_weak", loaded.VersionNeedMadeWeak);
                }
            });
            return ExitCode.Success;
        }

        var table = new TextTable("what", "value");
        table.Add("fathom", ToolVersion.Number);
        table.Add(".NET", Environment.Version.ToString());
        table.Add("system", $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        table.Add("TorchSharp", TorchSharpVersion());
        table.Add("libtorch", loaded is null ? "loaded by TorchSharp" : loaded.LibTorch);
        table.Add("shim", loaded switch { null => "loaded by TorchSharp", { VersionNeedMadeWeak: true } => "loaded from memory, its need for a newer C++ runtime made optional", _ => "as it is" });
        table.Add("processors", $"{Environment.ProcessorCount}");
        table.Add("memory", FormattableString.Invariant($"{memory / 1073741824.0:0.0} GiB"));
        table.Add("devices", cuda ? $"cpu, {torch.cuda.device_count()} x cuda" : "cpu");
        table.Add("threads", $"{policy.Threads}");
        table.Add("fp32 products", FormattableString.Invariant($"{policy.Matmul}: {policy.MatmulReason} (error against fp64 {policy.ProductError:0.0e+0})"));
        table.Add("allocator", policy.Allocator);
        table.Add("default model", $"{model} ({origin})");
        table.Add("model cache", hub.Offline ? $"{hub.CacheFolder} (offline)" : hub.CacheFolder);
        run.Write(table);
        return ExitCode.Success;
    }

    private static string TorchSharpVersion() => typeof(torch).Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
