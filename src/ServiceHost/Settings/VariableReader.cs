using System.Globalization;
using System.Net;

namespace SyncStorage.ServiceHost.Settings;

/// <summary>Reads variables from the environment, and what is missing there from the installation's file. What is wrong with them is collected.</summary>
/// <param name="installation">Which file.</param>
/// <param name="environment">The process's environment.</param>
internal sealed class VariableReader(Installation installation, Func<string, string?> environment)
{
    private readonly IReadOnlyDictionary<string, string> file = EnvironmentFile.Read(installation.EnvironmentFile);
    private readonly List<string> errors = [];

    /// <summary>A value as it is; null if there is none.</summary>
    public string? Value(string name) => environment(name) is { Length: > 0 } value ? value : file.GetValueOrDefault(name);

    /// <summary>A value that has to be there.</summary>
    public string Text(string name)
    {
        if (Value(name) is { Length: > 0 } value) return value;
        Add($"{name} is missing");
        return "";
    }

    /// <summary>An IP address that has to be there.</summary>
    public IPAddress Address(string name)
    {
        var text = Text(name);
        if (IPAddress.TryParse(text, out var address)) return address;
        if (text.Length > 0) Add($"{name} must be an IP address, and is \"{text}\"");
        return IPAddress.None;
    }

    /// <summary>A number.</summary>
    /// <param name="name">The variable's name.</param>
    /// <param name="standard">What it is if it is left out; null if it has to be there.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    public int Number(string name, int? standard, int least, int most)
    {
        var text = Value(name);
        if (string.IsNullOrEmpty(text) && standard is { } value) return value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;

        Add($"{name} must be a number from {least} to {most}, and is \"{text}\"");
        return least;
    }

    /// <summary>Where a service is; null if it is left out.</summary>
    public Uri? Endpoint(string name)
    {
        if (Value(name) is not { Length: > 0 } text) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        Add($"{name} must be an http or https URL");
        return null;
    }

    /// <summary>Whether it is the second of two; the first is meant where it is left out.</summary>
    public bool OneOf(string name, string first, string second)
    {
        var value = Value(name) ?? first;
        if (value != first && value != second) Add($"{name} must be {first} or {second}, and is \"{value}\"");
        return value == second;
    }

    /// <summary>Notes that something is wrong.</summary>
    public void Add(string error) => errors.Add(error);

    /// <summary>Settings, if all that they were read from was right.</summary>
    /// <exception cref="SettingsException">With every error.</exception>
    public T Checked<T>(T settings) => errors.Count == 0 ? settings : throw new SettingsException(errors);
}
