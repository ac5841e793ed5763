using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Services.Ec2.Rules;

/// <summary>
/// A request's <c>Filters</c>: all must match, each by any of its values; <c>*</c> and <c>?</c> are wildcards.
/// </summary>
internal sealed class Filters
{
    private readonly IReadOnlyList<(string Name, IReadOnlyList<string> Values)> filters;

    public Filters(JsonObject input) =>
        filters = [.. input.Parts("Filters").Select(filter => (filter.Needed("Name"), filter.Texts("Values")))];

    /// <summary>The items that match.</summary>
    /// <param name="items">What is asked for.</param>
    /// <param name="values">An item's values of a filter, or null if there is no such filter.</param>
    /// <param name="tags">An item's tags.</param>
    public IEnumerable<T> Apply<T>(
        IEnumerable<T> items, Func<T, string, IEnumerable<string?>?> values, Func<T, IReadOnlyDictionary<string, string>> tags) =>
        items.Where(item => filters.All(filter => Matches(item, filter, values, tags)));

    /// <summary>Refuses names that the operation does not know, also when there is nothing to filter.</summary>
    public Filters Knowing(params IReadOnlyCollection<string> names)
    {
        foreach (var (name, _) in filters)
        {
            if (!names.Contains(name) && name != "tag-key" && !name.StartsWith("tag:", StringComparison.Ordinal)) throw Ec2Errors.InvalidFilter(name);
        }

        return this;
    }

    /// <summary>Whether a value matches a pattern with <c>*</c>, <c>?</c> and backslash.</summary>
    public static bool Like(ReadOnlySpan<char> value, ReadOnlySpan<char> pattern)
    {
        int at = 0, in_ = 0, star = -1, resume = 0;
        while (at < value.Length)
        {
            if (in_ < pattern.Length && pattern[in_] == '*')
            {
                star = in_++;
                resume = at;
                continue;
            }

            var escaped = in_ + 1 < pattern.Length && pattern[in_] == '\\';
            var literal = escaped ? in_ + 1 : in_;
            if (in_ < pattern.Length && ((!escaped && pattern[in_] == '?') || pattern[literal] == value[at]))
            {
                in_ = literal + 1;
                at++;
            }
            else if (star >= 0)
            {
                in_ = star + 1;
                at = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[in_..].Trim('*').IsEmpty;
    }

    private static bool Matches<T>(
        T item,
        (string Name, IReadOnlyList<string> Values) filter,
        Func<T, string, IEnumerable<string?>?> values,
        Func<T, IReadOnlyDictionary<string, string>> tags)
    {
        IEnumerable<string?> actual = filter.Name switch
        {
            "tag-key" => tags(item).Keys,
            var name when name.StartsWith("tag:", StringComparison.Ordinal) => tags(item).TryGetValue(name[4..], out var value) ? [value] : [],
            var name => values(item, name) ?? throw Ec2Errors.InvalidFilter(name),
        };
        return actual.Any(value => value is not null && filter.Values.Any(pattern => Like(value, pattern)));
    }
}
