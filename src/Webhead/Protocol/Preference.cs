using System.Globalization;

namespace SyncStorage.Webhead.Protocol;

/// <summary>How much a client wants a type: by the most specific of the ranges that it accepts.</summary>
/// <param name="Quality">From 0, not at all, to 1.</param>
/// <param name="Place">Where among the ranges that one stands.</param>
internal readonly record struct Preference(decimal Quality, int Place)
{
    private const int Exact = 3;
    private const int OfItsKind = 2;
    private const int Any = 1;

    /// <summary>
    /// Reads it from the ranges of an <c>Accept</c> header. Their parameters but the quality, and ranges that are none, are passed over:
    /// clients send all sorts of them, and mean the type.
    /// </summary>
    public static Preference For(string type, string[] ranges)
    {
        var (found, best) = (new Preference(0, ranges.Length), 0);
        for (var place = 0; place < ranges.Length; place++)
        {
            var parts = ranges[place].Split(';', StringSplitOptions.TrimEntries);
            var specificity = Specificity(parts[0], type);
            if (specificity <= best) continue;
            (found, best) = (new Preference(ReadQuality(parts.AsSpan(1)), place), specificity);
        }

        return found;
    }

    private static int Specificity(string range, string type) => range switch
    {
        "*/*" or "*" => Any,
        _ when range.Equals(type, StringComparison.OrdinalIgnoreCase) => Exact,
        [.. var kind, '/', '*'] when type.StartsWith(kind + "/", StringComparison.OrdinalIgnoreCase) => OfItsKind,
        _ => 0,
    };

    private static decimal ReadQuality(ReadOnlySpan<string> parameters)
    {
        foreach (var parameter in parameters)
        {
            if (parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && decimal.TryParse(parameter.AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var quality))
            {
                return quality;
            }
        }

        return 1;
    }
}
