using System.Globalization;

namespace SyncStorage.LocalCloud.Services.CloudWatch.Metrics;

/// <summary>
/// CloudWatch's metric math, the part that alarms of services want: numbers, ids, <c>+ - * /</c>, comparisons, <c>FILL</c> and <c>IF</c>. A value is
/// null where there is no data, and where it would be divided by zero.
/// </summary>
internal sealed class MetricMath
{
    private static readonly string[] Comparisons = ["<=", ">=", "==", "!=", "<", ">"];

    private readonly string text;
    private readonly Func<Func<string, double?>, double?> root;
    private readonly List<string> ids = [];
    private int at;

    private MetricMath(string text)
    {
        this.text = text;
        root = Comparison();
        SkipBlanks();
        if (at < text.Length) throw Wrong($"'{text[at..]}' was not expected");
    }

    /// <summary>The ids that it reads.</summary>
    public IReadOnlyList<string> Ids => ids;

    /// <exception cref="FormatException">It is none, or LocalCloud does not know what it uses.</exception>
    public static MetricMath Parse(string text) => new(text);

    /// <summary>Its value, given those of the ids.</summary>
    public double? Evaluate(Func<string, double?> values) => root(values);

    private Func<Func<string, double?>, double?> Comparison()
    {
        var left = Sum();
        SkipBlanks();
        if (Array.Find(Comparisons, sign => text.AsSpan(at).StartsWith(sign)) is not { } sign) return left;
        at += sign.Length;
        var right = Sum();
        return values => left(values) is { } a && right(values) is { } b ? (Holds(sign, a, b) ? 1 : 0) : null;
    }

    private Func<Func<string, double?>, double?> Sum()
    {
        var left = Product();
        while (Take('+', '-') is { } sign)
        {
            var (before, right) = (left, Product());
            left = values => sign == '+' ? before(values) + right(values) : before(values) - right(values);
        }

        return left;
    }

    private Func<Func<string, double?>, double?> Product()
    {
        var left = Factor();
        while (Take('*', '/') is { } sign)
        {
            var (before, right) = (left, Factor());
            left = values => sign == '*' ? before(values) * right(values) : right(values) is { } divisor and not 0 ? before(values) / divisor : null;
        }

        return left;
    }

    private Func<Func<string, double?>, double?> Factor()
    {
        if (Take('-') is not null)
        {
            var operand = Factor();
            return values => -operand(values);
        }

        if (Take('(') is not null)
        {
            var inner = Comparison();
            Expect(')');
            return inner;
        }

        SkipBlanks();
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] is '_' or '.')) at++;
        var word = text[start..at];
        if (word.Length == 0) throw Wrong("something is missing");
        if (double.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)) return _ => number;
        if (char.IsAsciiLetterUpper(word[0])) return Function(word);
        ids.Add(word);
        return values => values(word);
    }

    private Func<Func<string, double?>, double?> Function(string name)
    {
        Expect('(');
        List<Func<Func<string, double?>, double?>> arguments = [Comparison()];
        while (Take(',') is not null) arguments.Add(Comparison());
        Expect(')');
        return (name, arguments) switch
        {
            ("FILL", [var value, var filling]) => values => value(values) ?? filling(values),
            ("IF", [var condition, var yes, var no]) => values => condition(values) is { } given ? given != 0 ? yes(values) : no(values) : null,
            ("IF", [var condition, var yes]) => values => condition(values) is { } given and not 0 ? yes(values) : null,
            _ => throw Wrong($"LocalCloud has no {name} of {arguments.Count}"),
        };
    }

    private static bool Holds(string sign, double a, double b) => sign switch
    {
        "<" => a < b,
        "<=" => a <= b,
        ">" => a > b,
        ">=" => a >= b,
        "==" => a == b,
        _ => a != b,
    };

    private char? Take(params ReadOnlySpan<char> signs)
    {
        SkipBlanks();
        return at < text.Length && signs.Contains(text[at]) ? text[at++] : null;
    }

    private void Expect(char sign)
    {
        if (Take(sign) is null) throw Wrong($"'{sign}' is missing");
    }

    private void SkipBlanks()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
    }

    private FormatException Wrong(string why) => new($"Error in expression '{text}': {why}.");
}
