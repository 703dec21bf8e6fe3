using System.Text.Json;
using System.Text.Json.Serialization;

namespace Fathom.Plots.Json;

/// <summary>Writes the lists of figures as JSON arrays; a closed set of types, so that nothing is made by reflection.</summary>
internal sealed class ValueListConverterFactory : JsonConverterFactory
{
    private static readonly Dictionary<Type, Func<JsonConverter>> Converters = new()
    {
        [typeof(ValueList<string>)] = () => new ValueListConverter<string>(),
        [typeof(ValueList<double>)] = () => new NumberListConverter(),
        [typeof(ValueList<Fact>)] = () => new ValueListConverter<Fact>(),
        [typeof(ValueList<Series>)] = () => new ValueListConverter<Series>(),
        [typeof(ValueList<ReferenceLine>)] = () => new ValueListConverter<ReferenceLine>(),
        [typeof(ValueList<Grid>)] = () => new PatternListConverter(),
        [typeof(ValueList<Figure>)] = () => new ValueListConverter<Figure>(),
    };

    public override bool CanConvert(Type typeToConvert) => Converters.ContainsKey(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) => Converters[typeToConvert]();
}
