namespace Fathom.Tokenization.Tests;

public sealed class StreamingDecoderTests
{
    [Fact]
    public void Never_gives_out_half_a_character()
    {
        var stream = new StreamingDecoder(TinyTokenizer.Create());

        Assert.Equal("a", stream.Add('a'));
        Assert.Null(stream.Add(0xC3));
        Assert.Equal("é", stream.Add(0xA9));
        Assert.Null(stream.Add(0xF0));
        Assert.Equal("\uFFFD", stream.Flush());
    }
}
