using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Reads the requests of the Query protocol and of EC2's variant of it into members of the model.</summary>
internal sealed class QueryReader(ServiceModel model)
{
    private const int LongestList = 10_000;

    private readonly bool ec2 = model.Protocol == "ec2";
    private readonly ConcurrentDictionary<Shape, Dictionary<string, Member>> names = new();

    /// <summary>Reads all parameters but <c>Action</c> and <c>Version</c>.</summary>
    /// <exception cref="AwsException">A parameter is unknown, or is not of its member's type.</exception>
    public JsonObject Read(Operation operation, IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var tree = ParameterTree.Of(parameters);
        if (operation.Input is { } shape) return Structure(shape, tree);
        return tree.Children.Count == 0 ? [] : throw WireErrors.UnknownParameter(model, tree.Children.Keys.First());
    }

    private JsonObject Structure(Shape shape, ParameterTree tree)
    {
        var members = names.GetOrAdd(shape, WireNames);
        var result = new JsonObject();
        foreach (var (name, child) in tree.Children)
        {
            if (!members.TryGetValue(name, out var member)) throw WireErrors.UnknownParameter(model, child.Path);
            result[member.Name] = Value(member, child);
        }

        return result;
    }

    private JsonNode Value(Member member, ParameterTree tree)
    {
        var shape = member.Shape;
        return shape.Type switch
        {
            "structure" => Structure(shape, tree),
            "list" => List(member, tree),
            _ when tree.Children.Count > 0 => throw WireErrors.UnknownParameter(model, tree.Children.Values.First().Path),
            _ => Scalars.Parse(shape, tree.Value ?? "") ?? throw WireErrors.WrongType(model, tree.Path, tree.Value, shape.Type),
        };
    }

    private JsonArray List(Member member, ParameterTree tree)
    {
        if (tree.IsEmptyList) return [];
        var element = member.Shape.Element;
        var elements = tree;
        if (!ec2 && !member.Flattened)
        {
            var wrapper = element.LocationName ?? "member";
            if (tree.Children.Keys.FirstOrDefault(name => name != wrapper) is { } other)
                throw WireErrors.UnknownParameter(model, tree.Children[other].Path);
            if (!tree.Children.TryGetValue(wrapper, out elements!)) throw WireErrors.WrongType(model, tree.Path, tree.Value, "list");
        }

        var numbered = elements.Children.Select(child => (Index: Index(child.Value, child.Key), child.Value)).OrderBy(child => child.Index);
        return [.. numbered.Select(child => Value(element, child.Value))];
    }

    private int Index(ParameterTree tree, string name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index is > 0 and <= LongestList
            ? index : throw WireErrors.UnknownParameter(model, tree.Path);

    private Dictionary<string, Member> WireNames(Shape shape) => shape.Members.Values.ToDictionary(WireName, StringComparer.Ordinal);

    private string WireName(Member member)
    {
        if (ec2)
        {
            if (member.QueryName is { } queryName) return queryName;
            var name = member.LocationName ?? member.Name;
            return char.ToUpperInvariant(name[0]) + name[1..];
        }

        // A flattened list takes the name of its elements.
        return member.Shape.Type == "list" && member.Flattened
            ? member.Shape.Element.LocationName ?? member.LocationName ?? member.Name
            : member.LocationName ?? member.Name;
    }
}
