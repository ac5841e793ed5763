using System.Text.Json.Nodes;

namespace SyncStorage.Build.Tests.Guards;

/// <summary>A workflow, read as far as workflows here go: mappings, lists, plain values, block texts.</summary>
internal sealed class Workflow
{
    private readonly List<(int Indent, string Text)> lines;
    private int next;

    private Workflow(string name, IEnumerable<string> text)
    {
        Name = name;
        lines = [.. text.Where(line => line.Trim().Length > 0 && line.TrimStart()[0] != '#').Select(line => (line.Length - line.TrimStart().Length, WithoutComment(line.Trim())))];
        Root = Block(0).AsObject();
        if (next < lines.Count) throw new FormatException($"{name}: \"{lines[next].Text}\" stands where nothing can.");
    }

    public static IReadOnlyList<Workflow> All { get; } =
    [
        .. Directory.EnumerateFiles(SourceTree.Repository.At(".github", "workflows"), "*.yml").Order(StringComparer.Ordinal)
            .Select(file => new Workflow(Path.GetFileName(file), File.ReadLines(file))),
    ];

    public string Name { get; }

    public JsonObject Root { get; }

    public IReadOnlyList<string> Triggers => [.. Root["on"]!.AsObject().Select(trigger => trigger.Key)];

    public IEnumerable<(string Name, JsonObject Job)> Jobs => Root["jobs"]!.AsObject().Select(job => ($"{Name}: {job.Key}", job.Value!.AsObject()));

    public IEnumerable<(string Job, JsonObject Step)> Steps => Jobs.SelectMany(job => job.Job["steps"]!.AsArray().Select(step => (job.Name, step!.AsObject())));

    public override string ToString() => Name;

    private JsonNode Block(int indent) => lines[next].Text.StartsWith("- ", StringComparison.Ordinal) ? List(indent) : Mapping(indent);

    private JsonArray List(int indent)
    {
        var items = new JsonArray();
        while (next < lines.Count && lines[next].Indent == indent && lines[next].Text.StartsWith("- ", StringComparison.Ordinal))
        {
            var text = lines[next].Text[2..];
            if (KeyEnd(text) < 0)
            {
                items.Add(Value(text));
                next++;
                continue;
            }

            // An item that is a mapping begins on the line of its dash.
            lines[next] = (indent + 2, text);
            items.Add((JsonNode)Mapping(indent + 2));
        }

        return items;
    }

    private JsonObject Mapping(int indent)
    {
        var mapping = new JsonObject();
        while (next < lines.Count && lines[next].Indent == indent && KeyEnd(lines[next].Text) is >= 0 and var end)
        {
            var (key, rest) = (lines[next].Text[..end], lines[next].Text[(end + 1)..].Trim());
            next++;
            mapping.Add(key, rest switch
            {
                "|" => Text(indent),
                "" when next < lines.Count && lines[next].Indent > indent => Block(lines[next].Indent),
                "" => null,
                _ => Value(rest),
            });
        }

        return mapping;
    }

    private JsonValue Text(int indent)
    {
        var text = new List<string>();
        for (; next < lines.Count && lines[next].Indent > indent; next++) text.Add(lines[next].Text);
        return JsonValue.Create(string.Join('\n', text));
    }

    private static JsonNode Value(string text) => text switch
    {
        "{}" => new JsonObject(),
        ['[', .. var items, ']'] => new JsonArray([.. items.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(item => (JsonNode)item)]),
        _ => JsonValue.Create(text),
    };

    private static int KeyEnd(string text) => text.EndsWith(':') && !text.Contains(' ', StringComparison.Ordinal) ? text.Length - 1 : text.IndexOf(": ", StringComparison.Ordinal);

    private static string WithoutComment(string line) => line.IndexOf(" # ", StringComparison.Ordinal) is > 0 and var comment ? line[..comment].TrimEnd() : line;
}
