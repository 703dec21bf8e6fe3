using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Fathom.Hub.Tests.Fakes;

/// <summary>Ways to misbehave.</summary>
internal static class Faults
{
    /// <summary>Misbehaves at the first <paramref name="times"/> requests of the kind.</summary>
    public static Fault First(int times, Fault fault, string? method = null)
    {
        var seen = 0;
        return async (context, honest) => (method is null || context.Request.Method == method) && Interlocked.Increment(ref seen) <= times && await fault(context, honest);
    }

    /// <summary>Takes the first fault that answers.</summary>
    public static Fault Any(params Fault[] faults) => async (context, honest) =>
    {
        foreach (var fault in faults)
        {
            if (await fault(context, honest))
            {
                return true;
            }
        }

        return false;
    };

    /// <summary>Breaks the connection after a part of the answer's body.</summary>
    public static Fault Drop(double part) => (context, honest) => Changed(context, honest, async (body, length) =>
    {
        context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, (int)(body.Length * part)));
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>Sends a part of the body and then nothing, until the client goes away.</summary>
    public static Fault Stall(double part) => (context, honest) => Changed(context, honest, async (body, length) =>
    {
        context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(body.AsMemory(0, (int)(body.Length * part)));
        await context.Response.Body.FlushAsync();
        await Gone(context);
    });

    /// <summary>Sends one byte now and then.</summary>
    public static Fault Drip(int milliseconds) => (context, honest) => Changed(context, honest, async (body, length) =>
    {
        context.Response.ContentLength = length;
        for (var i = 0; i < body.Length && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await context.Response.Body.WriteAsync(body.AsMemory(i, 1));
            await context.Response.Body.FlushAsync();
            await Task.Delay(milliseconds);
        }
    });

    /// <summary>Ends well, but early or late by some bytes; the announced length agrees with what is sent.</summary>
    public static Fault Length(int by) => (context, honest) => Changed(context, honest, async (body, _) =>
    {
        var sent = new byte[Math.Max(0, body.Length + by)];
        body.AsSpan(0, Math.Min(body.Length, sent.Length)).CopyTo(sent);
        context.Response.ContentLength = sent.Length;
        await context.Response.Body.WriteAsync(sent);
    });

    /// <summary>Sends more than the file has, without announcing a length.</summary>
    public static Fault Endless() => (context, honest) => Changed(context, honest, async (body, _) =>
    {
        context.Response.ContentLength = null;
        for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
        {
            await context.Response.Body.WriteAsync(body);
        }
    });

    /// <summary>Flips one bit of the body.</summary>
    public static Fault WrongByte() => (context, honest) => Changed(context, honest, async (body, length) =>
    {
        if (body.Length > 0)
        {
            body[body.Length / 2] ^= 1;
        }

        context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(body);
    });

    /// <summary>Sends the whole file, whatever range was asked for.</summary>
    public static Fault IgnoreRange() => async (context, honest) =>
    {
        context.Request.Headers.Remove("Range");
        await honest();
        return true;
    };

    /// <summary>Claims that the part is the file's beginning, or one of a longer file.</summary>
    public static Fault WrongRange(bool ofLongerFile = false) => (context, honest) => Changed(context, honest, async (body, length) =>
    {
        if (context.Response.StatusCode == 206)
        {
            var whole = context.Response.Headers.ContentRange.ToString().Split('/')[1];
            context.Response.Headers.ContentRange = ofLongerFile ? context.Response.Headers.ContentRange + "0"
                : string.Create(CultureInfo.InvariantCulture, $"bytes 0-{body.Length - 1}/{whole}");
        }

        context.Response.ContentLength = length;
        await context.Response.Body.WriteAsync(body);
    });

    /// <summary>Answers with a status and headers.</summary>
    public static Fault Status(int status, params (string Name, string Value)[] headers) => (context, _) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
        {
            context.Response.Headers[name] = value;
        }

        return Task.FromResult(true);
    };

    /// <summary>Redirects.</summary>
    public static Fault Redirect(Func<HttpContext, string> to) => (context, _) =>
    {
        context.Response.StatusCode = 302;
        context.Response.Headers.Location = to(context);
        return Task.FromResult(true);
    };

    /// <summary>Adds headers to the honest answer.</summary>
    public static Fault Header(string name, string value) => (context, _) =>
    {
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[name] = value;
            return Task.CompletedTask;
        });
        return Task.FromResult(false);
    };

    /// <summary>Breaks the connection before any answer.</summary>
    public static Fault Hangup() => (context, _) =>
    {
        context.Abort();
        return Task.FromResult(true);
    };

    /// <summary>Rewrites the list of files.</summary>
    public static Fault Listing(Func<string, string> rewrite) => async (context, honest) =>
    {
        if (!context.Request.Path.StartsWithSegments("/api/models", StringComparison.Ordinal))
        {
            return false;
        }

        return await Changed(context, honest, async (body, _) =>
        {
            var text = System.Text.Encoding.UTF8.GetBytes(rewrite(System.Text.Encoding.UTF8.GetString(body)));
            context.Response.ContentLength = text.Length;
            await context.Response.Body.WriteAsync(text);
        });
    };

    /// <summary>Waits until the client has gone; a minute at most.</summary>
    private static async Task Gone(HttpContext context)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMinutes(1), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The client gave up, as it should.
        }
    }

    /// <summary>Lets the honest answer be made into memory and sends something else instead; redirects and refusals stay honest.</summary>
    private static async Task<bool> Changed(HttpContext context, Func<Task> honest, Func<byte[], long?, Task> send)
    {
        var wire = context.Response.Body;
        using var memory = new MemoryStream();
        context.Response.Body = memory;
        await honest();
        context.Response.Body = wire;
        var isBody = context.Response.StatusCode is 200 or 206 && !HttpMethods.IsHead(context.Request.Method);
        if (!isBody)
        {
            return true;
        }

        var length = context.Response.ContentLength;
        context.Response.ContentLength = null;
        try
        {
            await send(memory.ToArray(), length);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The client hung up in the middle.
        }

        return true;
    }
}
