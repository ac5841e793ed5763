using System.Globalization;
using System.Text;

namespace SyncStorage.ServiceHost.Observability;

/// <summary>Writes Prometheus' text format, one family of metrics after the other.</summary>
internal sealed class PrometheusText
{
    /// <summary>What <c>Content-Type</c> calls it.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder text = new(16 * 1024);

    /// <summary>A family of one number.</summary>
    public PrometheusText Add(string name, string type, string help, double value) => Begin(name, type, help).Sample(name, "", value);

    /// <summary>A family with a label.</summary>
    public PrometheusText Add(string name, string type, string help, string label, IEnumerable<(string Value, double Number)> samples)
    {
        Begin(name, type, help);
        foreach (var (value, number) in samples) Sample(name, Label(label, value), number);
        return this;
    }

    /// <summary>Starts a family; its samples follow.</summary>
    public PrometheusText Begin(string name, string type, string help)
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return this;
    }

    /// <summary>A sample of the family that was started.</summary>
    /// <param name="name">The family's name, with a histogram's suffix.</param>
    /// <param name="labels">The labels as <see cref="Label"/> writes them, separated by commas.</param>
    /// <param name="value">The number.</param>
    public PrometheusText Sample(string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    /// <summary>One label with its value, escaped.</summary>
    public static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public override string ToString() => text.ToString();
}
