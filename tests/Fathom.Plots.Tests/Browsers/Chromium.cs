using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Fathom.Plots.Tests.Browsers;

/// <summary>One headless Chromium for all tests of a class; started by the first page.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private readonly string profile = Directory.CreateTempSubdirectory("fathom-chromium-").FullName;
    private Process? process;
    private string? port;

    public static string? Program => new[] { Environment.GetEnvironmentVariable("FATHOM_CHROMIUM"), "/usr/bin/chromium" }.FirstOrDefault(p => !string.IsNullOrEmpty(p) && File.Exists(p));

    internal async Task<ChromiumPage> Open(string file, bool dark = false)
    {
        port ??= await Start();
        using var http = new HttpClient();
        using var answer = await http.PutAsync($"http://127.0.0.1:{port}/json/new?about:blank", null);
        var target = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return await ChromiumPage.Open(new Uri(target["webSocketDebuggerUrl"]!.ToString()), file, dark);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        for (var attempt = 0; Directory.Exists(profile) && attempt < 40; attempt++)
        {
            try
            {
                Directory.Delete(profile, recursive: true);
            }
            catch (IOException)
            {
                // A helper process of the browser still holds a file for a moment.
                await Task.Delay(50);
            }
        }
    }

    private async Task<string> Start()
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (var flag in new[]
        {
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--disable-dev-shm-usage", "--remote-debugging-port=0", "--window-size=1300,900", $"--user-data-dir={profile}", "about:blank",
        })
        {
            start.ArgumentList.Add(flag);
        }

        process = Process.Start(start)!;
        // Chromium says much on these streams; nobody reads it, but a full pipe would stop the browser.
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        var file = Path.Combine(profile, "DevToolsActivePort");
        for (var clock = Stopwatch.StartNew(); !File.Exists(file) || (await File.ReadAllLinesAsync(file)).Length < 2; await Task.Delay(20))
        {
            if (process.HasExited || clock.Elapsed > TimeSpan.FromSeconds(40))
            {
                throw new InvalidOperationException(process.HasExited ? $"Chromium ended with exit code {process.ExitCode}." : "Chromium opened no port within 40 s.");
            }
        }

        return (await File.ReadAllLinesAsync(file))[0];
    }
}
