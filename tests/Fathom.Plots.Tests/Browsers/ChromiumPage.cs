using System.Diagnostics;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fathom.Plots.Tests.Browsers;

/// <summary>One page in a headless Chromium, driven over its DevTools socket; it notes every request and every error.</summary>
internal sealed class ChromiumPage : IAsyncDisposable
{
    private readonly ClientWebSocket socket = new();
    private int lastId;

    private ChromiumPage()
    {
    }

    /// <summary>Addresses that the page asked for, the page itself included.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Exceptions and messages of the console at level error.</summary>
    public List<string> Errors { get; } = [];

    public static async Task<ChromiumPage> Open(Uri socket, string file, bool dark)
    {
        var page = new ChromiumPage();
        try
        {
            await page.socket.ConnectAsync(socket, CancellationToken.None);
            foreach (var domain in new[] { "Network", "Runtime", "Log", "Page" })
            {
                await page.Send($"{domain}.enable");
            }

            await page.Send("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) });
            await page.Send("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri });
            await page.Until("location.href !== 'about:blank' && document.readyState === 'complete' && [...document.querySelectorAll('.fathom-figure')].every(f => f.dataset.state === 'ready')");
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    public async Task<string> Evaluate(string script)
    {
        var answer = await Send("Runtime.evaluate", new JsonObject { ["expression"] = script, ["returnByValue"] = true, ["awaitPromise"] = true });
        return answer["exceptionDetails"] is { } error ? throw new InvalidOperationException(error.ToJsonString()) : answer["result"]?["value"]?.ToString() ?? "";
    }

    public async Task Until(string condition)
    {
        for (var clock = Stopwatch.StartNew(); await Evaluate($"String({condition})") != "true"; await Task.Delay(20))
        {
            if (clock.Elapsed > TimeSpan.FromSeconds(30))
            {
                throw new TimeoutException($"After 30 s still not: {condition}. Errors: {string.Join("; ", Errors)}");
            }
        }
    }

    /// <summary>Moves the pointer to a fraction of an element.</summary>
    public async Task Point(string selector, double fractionX, double fractionY)
    {
        var box = JsonNode.Parse(await Evaluate($"(() => {{ const e = document.querySelector({JsonSerializer.Serialize(selector)}); e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect(); return JSON.stringify([r.left, r.top, r.width, r.height]); }})()"))!;
        double At(int i) => box[i]!.GetValue<double>();
        await Send("Input.dispatchMouseEvent", new JsonObject { ["type"] = "mouseMoved", ["x"] = At(0) + (fractionX * At(2)), ["y"] = At(1) + (fractionY * At(3)) });
    }

    /// <summary>Makes the window as wide as told.</summary>
    public async Task Resize(int width) =>
        await Send("Emulation.setDeviceMetricsOverride", new JsonObject { ["width"] = width, ["height"] = 900, ["deviceScaleFactor"] = 1, ["mobile"] = false });

    public async Task Press(string key)
    {
        foreach (var type in new[] { "keyDown", "keyUp" })
        {
            await Send("Input.dispatchKeyEvent", new JsonObject { ["type"] = type, ["key"] = key, ["code"] = key });
        }
    }

    public Task<string> Tip() => Evaluate("document.querySelector('.fathom-tip').hidden ? '' : [...document.querySelectorAll('.fathom-tip > *')].map(e => e.textContent).join('|')");

    public async ValueTask DisposeAsync()
    {
        if (socket.State == WebSocketState.Open)
        {
            await Send("Page.close");
        }

        socket.Dispose();
    }

    private async Task<JsonNode> Send(string method, JsonObject? parameters = null)
    {
        var id = ++lastId;
        var message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters ?? [] }.ToJsonString();
        await socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, true, CancellationToken.None);
        while (true)
        {
            var answer = await Receive();
            if (answer["id"]?.GetValue<int>() == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]?.ToJsonString()}");
            }

            Note(answer);
        }
    }

    private void Note(JsonNode message)
    {
        switch (message["method"]?.ToString())
        {
            case "Network.requestWillBeSent":
                Requests.Add(message["params"]!["request"]!["url"]!.ToString());
                break;
            case "Runtime.exceptionThrown":
                Errors.Add(message["params"]!["exceptionDetails"]!.ToJsonString());
                break;
            case "Log.entryAdded" when message["params"]!["entry"]!["level"]!.ToString() == "error":
                Errors.Add(message["params"]!["entry"]!["text"]!.ToString());
                break;
            default:
                break;
        }
    }

    private async Task<JsonNode> Receive()
    {
        using var whole = new MemoryStream();
        var buffer = new byte[65536];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(60));
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        return JsonNode.Parse(whole.ToArray())!;
    }
}
