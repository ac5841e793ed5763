namespace SyncStorage.LocalCloud.Wire;

/// <summary>The parameters of a Query request by the parts of their names: <c>Listeners.member.1.Protocol</c>.</summary>
internal sealed class ParameterTree
{
    private const int DeepestName = 32;

    private readonly Dictionary<string, ParameterTree> children = new(StringComparer.Ordinal);

    private ParameterTree(string path) => Path = path;

    /// <summary>The name so far.</summary>
    public string Path { get; }

    public string? Value { get; private set; }

    public IReadOnlyDictionary<string, ParameterTree> Children => children;

    /// <summary>Sent, but empty: how clients send an empty list.</summary>
    public bool IsEmptyList => children.Count == 0 && string.IsNullOrEmpty(Value);

    /// <exception cref="AwsException">A parameter was sent twice, or nested absurdly deep.</exception>
    public static ParameterTree Of(IEnumerable<KeyValuePair<string, string>> parameters)
    {
        var root = new ParameterTree("");
        foreach (var (name, value) in parameters)
        {
            var parts = name.Split('.');
            if (parts.Length > DeepestName) throw new AwsException("MalformedInput", $"The parameter {name[..Math.Min(40, name.Length)]}… is nested too deeply.");
            var node = root;
            foreach (var part in parts) node = node.Child(part);
            if (node.Value is not null) throw new AwsException("MalformedInput", $"The parameter {name} was sent twice.");
            node.Value = value;
        }

        return root;
    }

    private ParameterTree Child(string part)
    {
        if (!children.TryGetValue(part, out var child))
            children[part] = child = new ParameterTree(Path.Length == 0 ? part : $"{Path}.{part}");
        return child;
    }
}
