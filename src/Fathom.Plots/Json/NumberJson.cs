using System.Text.Json;

namespace Fathom.Plots.Json;

/// <summary>Numbers in JSON: NaN is <c>null</c>, infinities are the strings <c>"Infinity"</c> and <c>"-Infinity"</c>, since JSON has neither.</summary>
internal static class NumberJson
{
    public static double Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number => reader.GetDouble(),
        JsonTokenType.Null => double.NaN,
        JsonTokenType.String when reader.ValueTextEquals("Infinity"u8) => double.PositiveInfinity,
        JsonTokenType.String when reader.ValueTextEquals("-Infinity"u8) => double.NegativeInfinity,
        _ => throw new JsonException("A number, null, \"Infinity\" or \"-Infinity\" is expected here."),
    };

    public static void Write(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
        {
            // -0 would read back as 0 in some readers; the sign of zero means nothing in a figure.
            writer.WriteNumberValue(value + 0.0);
        }
        else if (double.IsNaN(value))
        {
            writer.WriteNullValue();
        }
        else
        {
            writer.WriteStringValue(value > 0 ? "Infinity" : "-Infinity");
        }
    }
}
