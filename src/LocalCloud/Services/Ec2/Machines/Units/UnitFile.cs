using System.Buffers;
using System.Globalization;

namespace SyncStorage.LocalCloud.Services.Ec2.Machines.Units;

/// <summary>A systemd service unit, as far as a service in user space needs it.</summary>
internal sealed class UnitFile
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> DigitsOrBlank = SearchValues.Create("0123456789 ");

    private readonly Dictionary<string, List<string>> settings = new(StringComparer.Ordinal);

    private UnitFile(string name) => Name = name;

    /// <summary>E.g. <c>syncstorage-webhead.service</c>.</summary>
    public string Name { get; }

    public string Description => Last("Unit", "Description") ?? Name;

    public string Type => Last("Service", "Type") ?? "simple";

    public bool IsOneshot => Type == "oneshot";

    public bool RemainAfterExit => IsTrue(Last("Service", "RemainAfterExit"));

    public IReadOnlyList<string> ExecCondition => All("Service", "ExecCondition");

    public IReadOnlyList<string> ExecStartPre => All("Service", "ExecStartPre");

    public IReadOnlyList<string> ExecStart => All("Service", "ExecStart");

    public IReadOnlyList<string> ExecReload => All("Service", "ExecReload");

    public IReadOnlyList<string> Environment => All("Service", "Environment");

    public IReadOnlyList<string> EnvironmentFiles => All("Service", "EnvironmentFile");

    public IReadOnlyList<string> ConditionPathExists => All("Unit", "ConditionPathExists");

    public string? WorkingDirectory => Last("Service", "WorkingDirectory");

    public string Restart => Last("Service", "Restart") ?? "no";

    public TimeSpan RestartDelay => Duration(Last("Service", "RestartSec")) ?? TimeSpan.FromMilliseconds(100);

    public TimeSpan StopTimeout => Duration(Last("Service", "TimeoutStopSec")) ?? TimeSpan.FromSeconds(90);

    public string KillSignal => Last("Service", "KillSignal") ?? "SIGTERM";

    public IReadOnlyList<string> SuccessExitStatus => [.. All("Service", "SuccessExitStatus").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    public int StartLimitBurst => int.Parse(Last("Unit", "StartLimitBurst") ?? "5", CultureInfo.InvariantCulture);

    public TimeSpan StartLimitInterval => Duration(Last("Unit", "StartLimitIntervalSec")) ?? TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> WantedBy =>
        [.. All("Install", "WantedBy").Concat(All("Install", "RequiredBy")).SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Parses a unit file: sections, repeated keys, continued lines; an empty value forgets the earlier ones.</summary>
    public static UnitFile Parse(string name, string text)
    {
        var unit = new UnitFile(name);
        var section = "";
        foreach (var line in Lines(text))
        {
            if (line is ['[', .. var title, ']'])
            {
                section = title;
                continue;
            }

            var equals = line.IndexOf('=');
            if (equals < 0) continue;
            var values = unit.Values(section, line[..equals].TrimEnd());
            if (line[(equals + 1)..].Trim() is { Length: > 0 } value) values.Add(value);
            else values.Clear();
        }

        return unit;
    }

    /// <summary>Reads a time span such as <c>5</c>, <c>1min 30s</c>, <c>200ms</c>; null for null, <c>infinity</c> for the longest.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (text is null) return null;
        if (text == "infinity") return TimeSpan.MaxValue;
        var total = TimeSpan.Zero;
        var rest = text.AsSpan().Trim();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            var number = double.Parse(digits < 0 ? rest : rest[..digits], CultureInfo.InvariantCulture);
            rest = digits < 0 ? [] : rest[digits..].TrimStart();
            var letters = rest.IndexOfAny(DigitsOrBlank);
            total += number * Unit((letters < 0 ? rest : rest[..letters]).ToString());
            rest = letters < 0 ? [] : rest[letters..].TrimStart();
        }

        return total;
    }

    private static TimeSpan Unit(string unit) => unit switch
    {
        "" or "s" or "sec" or "second" or "seconds" => TimeSpan.FromSeconds(1),
        "ms" or "msec" => TimeSpan.FromMilliseconds(1),
        "us" or "usec" => TimeSpan.FromMicroseconds(1),
        "m" or "min" or "minute" or "minutes" => TimeSpan.FromMinutes(1),
        "h" or "hr" or "hour" or "hours" => TimeSpan.FromHours(1),
        _ => throw new FormatException($"'{unit}' is no unit of time."),
    };

    private static bool IsTrue(string? value) => value is "yes" or "true" or "1" or "on";

    private static IEnumerable<string> Lines(string text)
    {
        var pending = "";
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Trim();
            if (line is ['#' or ';', ..]) continue;
            if (line.EndsWith('\\'))
            {
                pending += line[..^1] + " ";
                continue;
            }

            yield return pending + line;
            pending = "";
        }

        if (pending.Length > 0) yield return pending;
    }

    private List<string> Values(string section, string key)
    {
        var path = $"{section}.{key}";
        if (!settings.TryGetValue(path, out var values)) settings[path] = values = [];
        return values;
    }

    private List<string> All(string section, string key) => settings.GetValueOrDefault($"{section}.{key}") ?? [];

    private string? Last(string section, string key) => All(section, key) is [.., var last] ? last : null;
}
