using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Ssm;

/// <summary>What DescribeParameters and GetParametersByPath may ask for.</summary>
internal static class ParameterFilter
{
    /// <summary>One test of all filters of a request, of both their forms.</summary>
    /// <exception cref="AwsException">A filter or its option is not known.</exception>
    public static Func<ParameterState, bool> Of(JsonObject input)
    {
        var tests = input.Structures("ParameterFilters")
            .Select(filter => Test(filter.Text("Key")!, filter.Text("Option"), filter.Texts("Values")))
            .Concat(input.Structures("Filters").Select(filter => Test(filter.Text("Key")!, null, filter.Texts("Values"))))
            .ToList();
        return parameter => tests.TrueForAll(test => test(parameter));
    }

    /// <summary>Whether a name lies below a path: directly, or at any depth.</summary>
    public static bool IsBelow(string name, string path, bool recursive)
    {
        var prefix = path.EndsWith('/') ? path : path + "/";
        return name.StartsWith(prefix, StringComparison.Ordinal) && name.Length > prefix.Length
            && (recursive || name.IndexOf('/', prefix.Length) < 0);
    }

    private static Func<ParameterState, bool> Test(string key, string? option, List<string> values) => key switch
    {
        "Name" => parameter => values.Exists(value => Matches(parameter.Name, value, option ?? "Equals")),
        "Path" => parameter => values.Exists(value => IsBelow(parameter.Name, value, option switch
        {
            "Recursive" => true,
            "OneLevel" or null => false,
            _ => throw InvalidOption(option),
        })),
        "Type" => parameter => values.Contains(parameter.Type),
        "KeyId" => parameter => values.Contains(parameter.KeyId ?? ""),
        "Tier" => parameter => values.Contains(parameter.Tier),
        "DataType" => parameter => values.Contains(parameter.DataType),
        _ when key.StartsWith("tag:", StringComparison.Ordinal) => parameter =>
            parameter.Tags.TryGetValue(key["tag:".Length..], out var value) && (values.Count == 0 || values.Contains(value)),
        _ => throw new AwsException("InvalidFilterKey", $"The filter key {key} is not valid here."),
    };

    private static bool Matches(string name, string value, string option) => option switch
    {
        "Equals" => name == value || name == "/" + value,
        "BeginsWith" => name.StartsWith(value, StringComparison.Ordinal) || name.StartsWith("/" + value, StringComparison.Ordinal),
        "Contains" => name.Contains(value, StringComparison.Ordinal),
        _ => throw InvalidOption(option),
    };

    private static AwsException InvalidOption(string? option) => new("InvalidFilterOption", $"The filter option {option} is not valid.");
}
