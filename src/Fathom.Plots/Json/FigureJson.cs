using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fathom.Plots.Json;

/// <summary>The schema <c>fathom.figure/1</c>: strict when read, so that a misspelt key is never a silently missing part.</summary>
internal static class FigureJson
{
    public const string Schema = "fathom.figure/1";

    public static string Write(Figure figure)
    {
        // The default encoder writes < as \u003C: no token can end the script element that holds the document.
        var body = JsonSerializer.SerializeToNode(figure.Valid(), FigureJsonContext.Default.Figure)!.AsObject();
        body.Insert(0, "schema", Schema);
        return body.ToJsonString();
    }

    public static Figure Read(string json)
    {
        try
        {
            var body = JsonNode.Parse(json) as JsonObject ?? throw new FigureFormatException("A figure is a JSON object; this document is something else.");
            if (body["schema"] is not JsonValue schema || schema.ToString() != Schema)
            {
                throw new FigureFormatException($"The document says schema '{body["schema"]?.ToString() ?? "(none)"}'; this version reads '{Schema}'.", "$.schema");
            }

            body.Remove("schema");
            FigureDefaults.Complete(body);
            return JsonSerializer.Deserialize(body, FigureJsonContext.Default.Figure)?.Valid() ?? throw new FigureFormatException("The document is null.");
        }
        catch (JsonException error)
        {
            throw new FigureFormatException($"This is no figure: {error.Message}", error.Path ?? "", error);
        }
        catch (NotSupportedException error)
        {
            throw new FigureFormatException("The document does not say which 'kind' of figure it is.", "$.kind", error);
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException and not FigureDataException)
        {
            throw new FigureFormatException($"This is no figure: {error.Message}", "", error);
        }
    }
}
