using System.Text.Json;
using Fathom.Models;

namespace Fathom.Cli;

/// <summary>A candidate for the next token as JSON.</summary>
internal static class RankedTokenJson
{
    internal static void Write(Utf8JsonWriter json, RankedToken token)
    {
        json.WriteStartObject();
        json.WriteNumber("rank", token.Rank);
        json.WriteNumber("id", token.Id);
        json.WriteString("token", token.Text);
        json.WriteReal("logit", token.Logit);
        json.WriteReal("probability", token.Probability);
        json.WriteEndObject();
    }
}
