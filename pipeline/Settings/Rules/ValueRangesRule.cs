using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.RegularExpressions;

namespace SyncStorage.Pipeline.Settings.Rules;

/// <summary>What the attributes of the records say: ranges, patterns, lengths, allowed values.</summary>
internal sealed class ValueRangesRule : ISettingsRule
{
    // More values than these are not listed where one of them must have been meant.
    private const int Few = 4;

    public void Check(EnvironmentSettings settings, SettingsErrors errors) =>
        CheckObject(settings, SettingsShape.Of<EnvironmentSettings>(), "", errors);

    private static void CheckObject(object value, SettingsShape shape, string path, SettingsErrors errors)
    {
        foreach (var property in shape.Properties)
        {
            var inner = SettingsReader.Join(path, property.Name);
            if (property.Member.GetValue(value) is not { } set)
                continue;
            if (Broken(set, property.Member) is { } message)
                errors.Add(inner, message);
            CheckInner(set, property.Shape, inner, errors);
        }
    }

    private static void CheckInner(object value, SettingsShape shape, string path, SettingsErrors errors)
    {
        if (shape.Kind == SettingsKind.Object)
            CheckObject(value, shape, path, errors);
        else if (shape is { Kind: SettingsKind.List, Item: { } item })
        {
            var i = 0;
            foreach (var element in (IEnumerable)value)
                CheckInner(element, item, $"{path}[{i++}]", errors);
        }
        else if (value is "")
            errors.Add(path, "must not be empty");
    }

    private static string? Broken(object value, PropertyInfo member) => member.GetCustomAttributes<ValidationAttribute>()
        .Where(attribute => !Holds(attribute, value))
        .Select(attribute => attribute switch
        {
            RangeAttribute range => $"must be {range.Minimum} to {range.Maximum}, is {value}",
            AllowedValuesAttribute { Values.Length: > Few } many => $"there is no \"{value}\"{NearestName.Advice((string)value, [.. many.Values.OfType<string>()])}",
            AllowedValuesAttribute allowed => $"must be {string.Join(" or ", allowed.Values.Select(v => $"\"{v}\""))}, is \"{value}\"",
            StringLengthAttribute length => $"must have at most {length.MaximumLength} characters, has {((string)value).Length}",
            MinLengthAttribute when value is string => "must not be empty",
            MinLengthAttribute least => $"must have at least {least.Length} element{(least.Length == 1 ? "" : "s")}",
            RegularExpressionAttribute regex => $"must be {regex.ErrorMessage ?? $"like {regex.Pattern}"}, is \"{value}\"",
            _ => throw new InvalidOperationException($"No message for {attribute}."),
        })
        .FirstOrDefault();

    // The attribute takes an empty text for absent; a setting that is present must match.
    private static bool Holds(ValidationAttribute attribute, object value) => attribute is RegularExpressionAttribute regex
        ? Regex.IsMatch((string)value, $"^(?:{regex.Pattern})\\z", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1))
        : attribute.IsValid(value is string or int or double ? value : ((IEnumerable)value).Cast<object>().ToArray());
}
