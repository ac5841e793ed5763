using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace SyncStorage.LocalCloud.Services.Logs;

/// <summary>
/// A filter pattern: terms (<c>a "b c" -d ?e ?f</c>), or comparisons of a JSON message's members
/// (<c>{ $.level = "Error" &amp;&amp; $.status >= 500 || $.event = Drain* }</c>), without parentheses.
/// </summary>
internal sealed partial class FilterPattern
{
    private readonly Func<string, bool> matches;

    private FilterPattern(Func<string, bool> matches) => this.matches = matches;

    /// <exception cref="FormatException">It is none, or one that LocalCloud does not know.</exception>
    public static FilterPattern Parse(string? pattern)
    {
        var text = pattern?.Trim() ?? "";
        if (text.Length == 0) return new FilterPattern(_ => true);
        if (text[0] == '[') throw new FormatException("LocalCloud has no patterns of columns.");
        return text[0] == '{' ? Members(text) : Terms(text);
    }

    public bool Matches(string message) => matches(message);

    private static FilterPattern Terms(string text)
    {
        var terms = Term().Matches(text).Select(match => (Sign: match.Groups["sign"].Value, Text: match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["word"].Value)).ToList();
        if (terms.Count == 0 || Term().Replace(text, "").Trim().Length > 0) throw new FormatException($"The pattern {text} can't be read.");
        var any = terms.Where(term => term.Sign == "?").Select(term => term.Text).ToList();
        return new FilterPattern(message =>
            terms.Where(term => term.Sign == "").All(term => message.Contains(term.Text, StringComparison.Ordinal))
            && terms.Where(term => term.Sign == "-").All(term => !message.Contains(term.Text, StringComparison.Ordinal))
            && (any.Count == 0 || any.Exists(term => message.Contains(term, StringComparison.Ordinal))));
    }

    private static FilterPattern Members(string text)
    {
        if (text[^1] != '}') throw new FormatException($"The pattern {text} does not end with a brace.");
        var ways = text[1..^1].Split("||").Select(way => way.Split("&&").Select(Comparison).ToList()).ToList();
        return new FilterPattern(message =>
        {
            try
            {
                using var document = JsonDocument.Parse(message);
                return document.RootElement.ValueKind == JsonValueKind.Object && ways.Exists(way => way.TrueForAll(holds => holds(document.RootElement)));
            }
            catch (JsonException)
            {
                return false;
            }
        });
    }

    private static Func<JsonElement, bool> Comparison(string text)
    {
        var match = OneComparison().Match(text);
        if (!match.Success) throw new FormatException($"LocalCloud can't read the comparison '{text.Trim()}'.");
        var (path, sign) = (match.Groups["path"].Value.Split('.'), match.Groups["sign"].Value);
        var value = match.Groups["quoted"].Success ? match.Groups["quoted"].Value : match.Groups["word"].Value;
        var like = new Regex($"^{Regex.Escape(value).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        double? number = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        if (sign is not ("=" or "!=") && number is null) throw new FormatException($"'{value}' is no number.");
        return root => Find(root, path) is { } element && Holds(element, sign, like, number);
    }

    private static bool Holds(JsonElement element, string sign, Regex like, double? number)
    {
        var given = element.ValueKind == JsonValueKind.Number ? element.GetDouble() : (double?)null;
        return sign switch
        {
            "=" => given is { } a && number is { } b ? a == b : like.IsMatch(element.ToString()),
            "!=" => given is { } a && number is { } b ? a != b : !like.IsMatch(element.ToString()),
            "<" => given < number,
            "<=" => given <= number,
            ">" => given > number,
            _ => given >= number,
        };
    }

    private static JsonElement? Find(JsonElement root, string[] path)
    {
        foreach (var name in path)
        {
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(name, out root)) return null;
        }

        return root;
    }

    [GeneratedRegex("""(?<sign>[-?]?)(?:"(?<quoted>[^"]*)"|(?<word>[^\s"]+))""")]
    private static partial Regex Term();

    [GeneratedRegex("""^\s*\$\.(?<path>[A-Za-z0-9_.-]+)\s*(?<sign>=|!=|<=|>=|<|>)\s*(?:"(?<quoted>[^"]*)"|(?<word>[^\s"]+))\s*$""")]
    private static partial Regex OneComparison();
}
