using System.Text.Json;

namespace Fathom.Cli.Commands.Verify;

/// <summary>Numbers in nested JSON lists, as a shape and a flat list.</summary>
internal sealed record NumberGrid(IReadOnlyList<int> Shape, IReadOnlyList<double> Values)
{
    private const int Deepest = 8;

    /// <summary>Finds the grid of a document: the part that <paramref name="pointer"/> names, else its member <c>values</c>, else the document itself.</summary>
    /// <param name="file">A JSON file.</param>
    /// <param name="pointer">A path such as <c>/runs/0/resid</c>, or null.</param>
    /// <exception cref="CommandException">The file holds no such grid.</exception>
    internal static NumberGrid Read(string file, string? pointer)
    {
        JsonElement element;
        try
        {
            using var document = JsonDocument.Parse(InputFile.ReadAll(file));
            element = document.RootElement.Clone();
        }
        catch (JsonException cause)
        {
            throw new CommandException(ExitCode.Failure, $"{file} is not JSON: {cause.Message}", cause);
        }

        foreach (var step in pointer?.Split('/', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            element = Step(file, pointer!, element, step);
        }

        if (pointer is null && element.ValueKind == JsonValueKind.Object)
        {
            element = element.TryGetProperty("values", out var values)
                ? values
                : throw CommandException.Usage($"{file} is an object without \"values\". Say which part is the grid, e.g. /runs/0/resid; it has {string.Join(", ", element.EnumerateObject().Take(8).Select(member => $"/{member.Name}"))}.");
        }

        List<int> shape = [];
        for (var level = element; level.ValueKind == JsonValueKind.Array && shape.Count < Deepest; level = level[0])
        {
            shape.Add(level.GetArrayLength());
            if (level.GetArrayLength() == 0)
            {
                throw CommandException.Failure($"{file} has an empty list where numbers should be.");
            }
        }

        List<double> flat = [];
        Collect(file, element, shape, 0, flat);
        return new(shape, flat);
    }

    private static JsonElement Step(string file, string pointer, JsonElement element, string step)
    {
        if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step, out var member))
        {
            return member;
        }

        if (element.ValueKind == JsonValueKind.Array && int.TryParse(step, out var index) && index >= 0 && index < element.GetArrayLength())
        {
            return element[index];
        }

        var names = element.ValueKind == JsonValueKind.Object ? element.EnumerateObject().Select(part => part.Name).ToList() : [];
        throw CommandException.Usage($"{file} has nothing at {pointer}: there is no '{step}'.{Nearest.Question(step, names)}");
    }

    private static void Collect(string file, JsonElement element, List<int> shape, int axis, List<double> flat)
    {
        if (axis == shape.Count)
        {
            flat.Add(element.ValueKind switch
            {
                JsonValueKind.Number => element.GetDouble(),
                JsonValueKind.Null => double.NaN,
                _ => throw CommandException.Failure($"{file} has {element.ValueKind} where a number should be."),
            });
            return;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() != shape[axis])
        {
            throw CommandException.Failure($"{file} holds lists of different lengths, so it is no grid.");
        }

        foreach (var part in element.EnumerateArray())
        {
            Collect(file, part, shape, axis + 1, flat);
        }
    }
}
