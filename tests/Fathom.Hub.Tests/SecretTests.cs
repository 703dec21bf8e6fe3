using System.Text;
using Fathom.Hub.Tests.Fakes;

namespace Fathom.Hub.Tests;

/// <summary>A token, or the address that the hub signed, never shows in a message, a report or a file.</summary>
public sealed class SecretTests : HubFixture
{
    private const string Token = "hf_MARKED-SECRET";
    private const string Signature = "secret-signature";

    [Fact]
    public async Task Shows_no_token_and_no_signed_address_anywhere()
    {
        Fault[] faults = [Faults.Status(401, ("X-Error-Message", "Invalid credentials")), Faults.Status(403), Faults.Status(404), Faults.Status(500), Faults.Hangup(), Faults.Drop(0.5), Faults.WrongByte(), Faults.Length(1),
            Faults.Redirect(c => c.Request.Path + "?X-Amz-Signature=" + Signature), Faults.Redirect(_ => "http://example.invalid/x?X-Amz-Signature=" + Signature)];
        var said = new StringBuilder();
        var options = Options with { Token = new HubToken(Token), Attempts = 2 };
        foreach (var (fault, atHub) in faults.SelectMany(f => new[] { (f, true), (f, false) }))
        {
            (Hub.AtHub, Hub.AtStorage) = (atHub ? fault : null, atHub ? null : fault);
            using var client = new HubClient(options);
            said.Append(await Record.ExceptionAsync(() => client.EnsureAsync(Id, progress: new Listener(said))));
        }

        Assert.NotEqual(0, said.Length);
        Assert.DoesNotContain(Token, said.ToString() + options, StringComparison.Ordinal);
        Assert.DoesNotContain(Signature, said.ToString(), StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(Folder.Path, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            Assert.DoesNotContain(Token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Signature, text, StringComparison.Ordinal);
        }
    }

    private sealed class Listener(StringBuilder said) : IProgress<HubProgress>
    {
        public void Report(HubProgress value)
        {
            lock (said)
            {
                said.Append(value);
            }
        }
    }
}
