using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>How figures become JSON, decided when the library is built.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    UseStringEnumConverter = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(Figure))]
[JsonSerializable(typeof(HeatMap))]
[JsonSerializable(typeof(LineChart))]
[JsonSerializable(typeof(BarChart))]
[JsonSerializable(typeof(ScatterPlot))]
[JsonSerializable(typeof(Histogram))]
[JsonSerializable(typeof(ColoredTokens))]
[JsonSerializable(typeof(AttentionPatterns))]
[JsonSerializable(typeof(SmallMultiples))]
[JsonSerializable(typeof(Series))]
[JsonSerializable(typeof(ReferenceLine))]
[JsonSerializable(typeof(Fact))]
[JsonSerializable(typeof(string))]
internal sealed partial class FigureJsonContext : JsonSerializerContext;
