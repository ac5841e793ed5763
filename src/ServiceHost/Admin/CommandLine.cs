namespace SyncStorage.ServiceHost.Admin;

/// <summary>An option of a command.</summary>
/// <param name="Name">With its dashes.</param>
/// <param name="Value">What its value is, for the help; null if it is a switch.</param>
/// <param name="Help">What it does.</param>
internal sealed record OptionSpec(string Name, string? Value, string Help)
{
    public bool Required { get; init; }

    public bool Repeatable { get; init; }
}

/// <summary>The arguments don't fit the command.</summary>
internal sealed class CommandLineException(string message) : Exception(message);

/// <summary>The options that a command was given.</summary>
internal sealed class CommandLine
{
    private readonly Dictionary<string, List<string>> values = new(StringComparer.Ordinal);

    /// <exception cref="CommandLineException">An option is unknown, missing, repeated or without its value.</exception>
    public static CommandLine Parse(IReadOnlyList<string> arguments, IReadOnlyList<OptionSpec> options)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Count; i++)
        {
            var parts = arguments[i].Split('=', 2);
            var option = options.FirstOrDefault(option => option.Name == parts[0])
                ?? throw new CommandLineException($"unknown option {parts[0]}");
            var values = line.values.TryGetValue(option.Name, out var known) ? known : line.values[option.Name] = [];
            if (values.Count > 0 && !option.Repeatable) throw new CommandLineException($"{option.Name} is there twice");
            if (option.Value is null)
            {
                if (parts.Length > 1) throw new CommandLineException($"{option.Name} takes no value");
                values.Add("");
            }
            else if (parts.Length > 1)
            {
                values.Add(parts[1]);
            }
            else
            {
                values.Add(++i < arguments.Count ? arguments[i] : throw new CommandLineException($"{option.Name} needs a value: {option.Value}"));
            }
        }

        var missing = options.FirstOrDefault(option => option.Required && !line.values.ContainsKey(option.Name));
        return missing is null ? line : throw new CommandLineException($"{missing.Name} is missing");
    }

    /// <summary>The same options as a query, without their dashes; empty if there is none.</summary>
    public string Query => string.Concat(values.SelectMany(option => option.Value.Select(value => (Name: option.Key.TrimStart('-'), Value: value)))
        .Select((option, index) => $"{(index == 0 ? '?' : '&')}{option.Name}{(option.Value.Length == 0 ? "" : $"={Uri.EscapeDataString(option.Value)}")}"));

    public bool Has(string name) => values.ContainsKey(name);

    /// <summary>An option's value, null if it was not given.</summary>
    public string? Value(string name) => this.values.TryGetValue(name, out var values) ? values[0] : null;

    /// <summary>The values of an option that may be repeated.</summary>
    public IReadOnlyList<string> Values(string name) => values.GetValueOrDefault(name) ?? [];

    /// <summary>The value of an option that must be there.</summary>
    public string Required(string name) => Value(name) ?? throw new CommandLineException($"{name} is missing");

    /// <summary>An option's value as a number within bounds.</summary>
    public long? Number(string name, long least, long most)
    {
        if (Value(name) is not { } text) return null;
        return long.TryParse(text, out var number) && number >= least && number <= most
            ? number
            : throw new CommandLineException($"{name} must be a number from {least} to {most}, and is \"{text}\"");
    }
}
