using Fathom.Tokenization.AddedTokens;
using Fathom.Tokenization.Files;
using Fathom.Tokenization.Models;
using Fathom.Tokenization.PreTokenizers;
using Fathom.Tokenization.Text;

namespace Fathom.Tokenization;

/// <summary>From a text to its tokens, before anything is put around them.</summary>
/// <remarks>Two ways lead to the same ids: the general one, component by component, and a fast one for byte-level vocabularies.</remarks>
internal sealed class Pipeline(TokenizerParts parts, AddedTokenSet added, BytePath? bytePath)
{
    /// <summary>Appends the tokens of a text to <paramref name="row"/>, or only their ids to the workspace if there is no row.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="workspace">Scratch memory of the calling thread.</param>
    /// <param name="row">Receives tokens with offsets; <see langword="null"/> if only ids are asked for.</param>
    public void Encode(ReadOnlySpan<char> text, Workspace workspace, TokenRow? row)
    {
        var cursor = new Cursor(row is null ? null : new PieceList());
        if (added.Raw.IsEmpty)
        {
            EncodeSegment(text, text, workspace, row, ref cursor);
            return;
        }

        foreach (var segment in added.Raw.Cut(text))
        {
            var part = text[segment.Start..segment.End];
            cursor.MoveTo(text, segment.Start);
            if (segment.Token is not { } token)
            {
                EncodeSegment(part, text, workspace, row, ref cursor);
                continue;
            }

            EmitAdded(token, part, workspace, row, ref cursor);
        }
    }

    private static void EmitAdded(AddedToken token, ReadOnlySpan<char> part, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        if (row is null)
        {
            workspace.Room(1)[0] = token.Id;
            workspace.Count++;
            return;
        }

        var start = cursor.Scalar;
        row.Tokens.Add(new TokenEntry(token.Id, start, start + Cursor.Scalars(part)) { Word = cursor.Word++, Text = part.ToString() });
    }

    private void EncodeSegment(ReadOnlySpan<char> part, ReadOnlySpan<char> text, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        if (part.Length == 0)
        {
            return;
        }

        if (bytePath is null || (parts.Normalizer is { } normalizer && !normalizer.LeavesAlone(part)))
        {
            EncodeGenerally(part, workspace, row, ref cursor);
            return;
        }

        if (added.Normalized.IsEmpty)
        {
            EncodeFast(part, workspace, row, ref cursor);
            return;
        }

        var origin = cursor.Scalar;
        foreach (var segment in added.Normalized.Cut(part))
        {
            var inner = part[segment.Start..segment.End];
            cursor.Scalar = origin + Cursor.Scalars(part[..segment.Start]);
            if (segment.Token is { } token)
            {
                EmitAdded(token, inner, workspace, row, ref cursor);
            }
            else
            {
                EncodeFast(inner, workspace, row, ref cursor);
            }
        }
    }

    private void EncodeFast(ReadOnlySpan<char> part, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        if (row is null)
        {
            bytePath!.Encode(part, workspace, null);
            return;
        }

        workspace.Count = 0;
        cursor.Pieces!.Clear();
        bytePath!.Encode(part, workspace, cursor.Pieces);
        if (DropsBytes(part, workspace.Ids))
        {
            // Offsets then follow what the reference counts in its own spelling of bytes.
            workspace.Count = 0;
            EncodeGenerally(part, workspace, row, ref cursor);
            return;
        }

        BytePieces.Append(part, workspace.Ids, cursor.Pieces.Ends, bytePath.Words, row, ref cursor);
        workspace.Count = 0;
    }

    private bool DropsBytes(ReadOnlySpan<char> part, ReadOnlySpan<int> ids)
    {
        if (bytePath!.Words.HasAllBytes || (bytePath.Words.HasAllAscii && System.Text.Ascii.IsValid(part)))
        {
            return false;
        }

        var bytes = System.Text.Encoding.UTF8.GetByteCount(part);
        foreach (var id in ids)
        {
            bytes -= bytePath.Words.Bytes(id);
        }

        return bytes != 0;
    }

    private void EncodeGenerally(ReadOnlySpan<char> part, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        var piece = TextPiece.Of(part, cursor.Scalar);
        parts.Normalizer?.Apply(piece);
        if (piece.Length == 0)
        {
            return;
        }

        foreach (var segment in CutNormalized(piece))
        {
            if (segment.AddedId >= 0)
            {
                Emit(segment.AddedId, segment.Start(0), segment.End(segment.Length - 1), segment.ToString(), workspace, row, ref cursor);
                continue;
            }

            List<TextPiece> pieces = [];
            if (parts.PreTokenizer is { } preTokenizer)
            {
                preTokenizer.Split(segment, pieces);
            }
            else
            {
                pieces.Add(segment);
            }

            foreach (var cut in pieces)
            {
                if (cut.Length > 0)
                {
                    Tokenize(cut, workspace, row, ref cursor);
                    cursor.Word++;
                }
            }
        }
    }

    private List<TextPiece> CutNormalized(TextPiece piece)
    {
        if (added.Normalized.IsEmpty)
        {
            return [piece.Slice(0, piece.Length)];
        }

        List<TextPiece> result = [];
        var text = piece.ToString();
        int unit = 0, scalar = 0;
        foreach (var segment in added.Normalized.Cut(text))
        {
            if (segment.Start < unit)
            {
                (unit, scalar) = (0, 0);
            }

            scalar += Cursor.Scalars(text.AsSpan(unit, segment.Start - unit));
            unit = segment.Start;
            result.Add(piece.Slice(scalar, scalar + Cursor.Scalars(text.AsSpan(segment.Start, segment.End - segment.Start)), segment.Token?.Id ?? -1));
        }

        return result;
    }

    private void Tokenize(TextPiece piece, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        using var bytes = new PieceBytes(piece);
        var tokens = workspace.Tokens;
        tokens.Clear();
        parts.Model.Tokenize(bytes.Utf8, tokens, workspace);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (row is null)
            {
                workspace.Room(1)[0] = tokens.Ids[i];
                workspace.Count++;
                continue;
            }

            var (start, end) = bytes.Origin(tokens.Starts[i], tokens.Ends[i]);
            row.Tokens.Add(new TokenEntry(tokens.Ids[i], start, end) { Word = cursor.Word });
        }
    }

    private static void Emit(int id, int start, int end, string text, Workspace workspace, TokenRow? row, ref Cursor cursor)
    {
        if (row is null)
        {
            workspace.Room(1)[0] = id;
            workspace.Count++;
            return;
        }

        row.Tokens.Add(new TokenEntry(id, start, end) { Word = cursor.Word++, Text = text });
    }
}
