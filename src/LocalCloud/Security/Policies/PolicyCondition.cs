using System.Globalization;

namespace SyncStorage.LocalCloud.Security.Policies;

/// <summary>One line of a statement's condition: an operator, a key, and the values that are compared with.</summary>
/// <param name="Operator">E.g. <c>StringLike</c>, without what stands around it.</param>
/// <param name="Quantifier">How keys with several values are read: <c>ForAllValues</c>, <c>ForAnyValue</c>, or null.</param>
/// <param name="IfExists">Whether a key that the request has not is no hindrance.</param>
/// <param name="Key">E.g. <c>aws:ResourceTag/Cluster</c>.</param>
/// <param name="Values">One of them is enough; for negated operators none may match.</param>
internal sealed record PolicyCondition(string Operator, string? Quantifier, bool IfExists, string Key, IReadOnlyList<string> Values)
{
    private static readonly Dictionary<string, Func<string, string, bool>> Comparisons = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StringEquals"] = (wanted, given) => wanted == given,
        ["StringEqualsIgnoreCase"] = (wanted, given) => string.Equals(wanted, given, StringComparison.OrdinalIgnoreCase),
        ["StringLike"] = (wanted, given) => Wildcard.Matches(wanted, given),
        ["ArnEquals"] = (wanted, given) => Wildcard.Matches(wanted, given),
        ["ArnLike"] = (wanted, given) => Wildcard.Matches(wanted, given),
        ["Bool"] = (wanted, given) => string.Equals(wanted, given, StringComparison.OrdinalIgnoreCase),
        ["NumericEquals"] = (wanted, given) => Number(given) is { } number && number == Number(wanted),
        ["NumericLessThan"] = (wanted, given) => Number(given) < Number(wanted),
        ["NumericLessThanEquals"] = (wanted, given) => Number(given) <= Number(wanted),
        ["NumericGreaterThan"] = (wanted, given) => Number(given) > Number(wanted),
        ["NumericGreaterThanEquals"] = (wanted, given) => Number(given) >= Number(wanted),
    };

    private static readonly Dictionary<string, string> Negated = new(StringComparer.OrdinalIgnoreCase)
    {
        ["StringNotEquals"] = "StringEquals",
        ["StringNotEqualsIgnoreCase"] = "StringEqualsIgnoreCase",
        ["StringNotLike"] = "StringLike",
        ["ArnNotEquals"] = "ArnEquals",
        ["ArnNotLike"] = "ArnLike",
        ["NumericNotEquals"] = "NumericEquals",
    };

    /// <summary>Reads an operator as a policy writes it, e.g. <c>ForAnyValue:StringLikeIfExists</c>.</summary>
    /// <exception cref="FormatException">There is no such operator here.</exception>
    public static PolicyCondition Parse(string written, string key, IReadOnlyList<string> values)
    {
        var (quantifier, name) = written.Split(':') is [var before, var after] ? (before, after) : (null, written);
        if (quantifier is not (null or "ForAllValues" or "ForAnyValue")) throw new FormatException($"Invalid Condition type : {written}.");
        var ifExists = name.EndsWith("IfExists", StringComparison.OrdinalIgnoreCase);
        if (ifExists) name = name[..^"IfExists".Length];
        return Comparisons.ContainsKey(name) || Negated.ContainsKey(name) || name.Equals("Null", StringComparison.OrdinalIgnoreCase)
            ? new PolicyCondition(name, quantifier, ifExists, key, values)
            : throw new FormatException($"Invalid Condition type : {written}.");
    }

    /// <summary>Whether a request's values fulfil it.</summary>
    /// <param name="given">The values of the key; null if the request has none.</param>
    public bool IsMetBy(IReadOnlyList<string>? given)
    {
        if (Operator.Equals("Null", StringComparison.OrdinalIgnoreCase)) return Values.Any(value => string.Equals(value, given is null ? "true" : "false", StringComparison.OrdinalIgnoreCase));
        if (given is null or { Count: 0 }) return IfExists || Quantifier == "ForAllValues" || (Negated.ContainsKey(Operator) && Quantifier is null);
        return Quantifier == "ForAllValues" ? given.All(Holds) : given.Any(Holds);
    }

    private bool Holds(string given) => Negated.TryGetValue(Operator, out var positive)
        ? !Values.Any(value => Comparisons[positive](value, given))
        : Values.Any(value => Comparisons[Operator](value, given));

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
