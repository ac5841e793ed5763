using System.Globalization;
using System.Text.RegularExpressions;

namespace SyncStorage.Delays;

/// <summary>One line of LocalCloud's log.</summary>
/// <param name="At">When it was written: a call's line at its end, what became of a resource at that moment.</param>
/// <param name="Text">What it says.</param>
internal sealed record LogLine(DateTimeOffset At, string Text);

/// <summary>What happened in the cloud, and when, by its own log.</summary>
internal sealed partial class CloudLog(IReadOnlyList<LogLine> lines)
{
    public static CloudLog Read(string file) => new([.. File.ReadLines(file).Select(line => Line().Match(line)).Where(match => match.Success)
        .Select(match => new LogLine(DateTimeOffset.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), match.Groups[2].Value))]);

    /// <summary>When a call was answered with success for the n-th time, counted from 1.</summary>
    public DateTimeOffset Call(string operation, int number = 1) =>
        Calls(operation, DateTimeOffset.MinValue, DateTimeOffset.MaxValue)[number - 1];

    /// <summary>When the calls of an operation were answered with success, after one moment and before another.</summary>
    public IReadOnlyList<DateTimeOffset> Calls(string operation, DateTimeOffset after, DateTimeOffset before) =>
        [.. lines.Where(line => line.Text.StartsWith($"{operation} 200", StringComparison.Ordinal) && line.At > after && line.At < before).Select(line => line.At)];

    /// <summary>How long the longest call of an operation took.</summary>
    public TimeSpan LongestCall(string operation) => lines.Select(line => Took().Match(line.Text)).Where(match => match.Success && match.Groups[1].Value == operation)
        .Max(match => TimeSpan.FromMilliseconds(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture)));

    /// <summary>The first time after a moment that something became so; the text is part of the line.</summary>
    public DateTimeOffset First(string text, DateTimeOffset after) => All(text).First(at => at >= after);

    /// <summary>The last time that something became so.</summary>
    public DateTimeOffset Last(string text) => All(text).Last();

    /// <summary>The last time before a moment that something became so.</summary>
    public DateTimeOffset LastBefore(string text, DateTimeOffset before) => All(text).Last(at => at <= before);

    private IEnumerable<DateTimeOffset> All(string text) => lines.Where(line => line.Text.Contains(text, StringComparison.Ordinal)).Select(line => line.At);

    [GeneratedRegex(@"^(\S+) INFO \w+: (.*)$")]
    private static partial Regex Line();

    [GeneratedRegex(@"^(\S+) 200 (\d+) ms")]
    private static partial Regex Took();
}
