using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Core;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>What requests and answers about metrics share.</summary>
internal static class MetricShapes
{
    private static readonly HashSet<string> Units = new(StringComparer.Ordinal)
    {
        "Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Gigabytes", "Terabytes", "Bits", "Kilobits", "Megabits", "Gigabits", "Terabits",
        "Percent", "Count", "Bytes/Second", "Kilobytes/Second", "Megabytes/Second", "Gigabytes/Second", "Terabytes/Second", "Bits/Second", "Kilobits/Second",
        "Megabits/Second", "Gigabits/Second", "Terabits/Second", "Count/Second", "None",
    };

    /// <summary>The dimensions of a request's structure.</summary>
    /// <exception cref="AwsException">There are too many, or one twice.</exception>
    public static IReadOnlyList<(string Name, string Value)> Dimensions(JsonObject owner)
    {
        var dimensions = owner.Structures("Dimensions").Select(dimension => (dimension.Required("Name"), dimension.Required("Value"))).ToList();
        if (dimensions.Count > 30) throw Wrong("The parameter Dimensions must have at most 30 members.");
        if (dimensions.DistinctBy(dimension => dimension.Item1).Count() < dimensions.Count) throw Wrong("A dimension can be named once.");
        return dimensions;
    }

    public static JsonArray ToDimensions(this MetricKey key) =>
        [.. key.Pairs.Select(pair => new JsonObject { ["Name"] = pair.Name, ["Value"] = pair.Value })];

    /// <exception cref="AwsException">There is no such unit.</exception>
    public static string? Unit(JsonObject owner)
    {
        if (owner.Text("Unit") is not { } unit) return null;
        return Units.Contains(unit) ? unit : throw Wrong($"The parameter Unit must be one of {string.Join(", ", Units)}.");
    }

    /// <exception cref="AwsException">It is none that CloudWatch has.</exception>
    public static int Period(int seconds) => seconds is 1 or 5 or 10 or 20 or 30 || (seconds > 0 && seconds % 60 == 0)
        ? seconds : throw Wrong("The parameter Period must be 1, 5, 10, 20, 30, or a multiple of 60.");

    public static AwsException Wrong(string message) => new("InvalidParameterValue", message);
}
