namespace Fathom.Loading.Checkpoints.Numpy;

/// <summary>Turns bf16 words into fp32 by putting 16 zero bits below them: a shift, so that NaN payloads and -0 survive.</summary>
internal sealed class WideningStream(Stream inner) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        var wide = new byte[buffer.Length * 2];
        for (var i = 0; i + 1 < buffer.Length; i += 2)
        {
            wide[(2 * i) + 2] = buffer[i];
            wide[(2 * i) + 3] = buffer[i + 1];
        }

        inner.Write(wide);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
