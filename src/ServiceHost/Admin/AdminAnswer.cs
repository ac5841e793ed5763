using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace SyncStorage.ServiceHost.Admin;

/// <summary>What a command answers: one line of compact JSON, with <c>ok</c> first.</summary>
internal static class AdminAnswer
{
    /// <summary>The longest answer, in bytes. What carries it cuts at 2,500.</summary>
    public const int Longest = 2000;

    /// <summary>The longest that a command may take.</summary>
    public static readonly TimeSpan Budget = TimeSpan.FromMinutes(2);

    private const int LongestError = 600;
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An answer that says what went wrong.</summary>
    public static JsonObject Failed(string error)
    {
        var line = error.ReplaceLineEndings(" ");
        return new JsonObject { ["ok"] = false, ["error"] = line.Length <= LongestError ? line : line[..LongestError] };
    }

    /// <summary>An answer that says that <see cref="Budget"/> was not enough.</summary>
    public static JsonObject Late() => Failed($"not done within {Budget.TotalSeconds} s");

    /// <summary>The line, without its end. Entries of the answer's lists are left out until it fits: first what went well, from the end.</summary>
    public static string Line(JsonObject answer)
    {
        var omitted = 0;
        for (var text = answer.ToJsonString(Compact); ; text = answer.ToJsonString(Compact))
        {
            var longest = answer.Select(pair => pair.Value).OfType<JsonArray>().Where(list => list.Count > 0).MaxBy(list => list.Count);
            if (longest is null || Encoding.UTF8.GetByteCount(text) <= Longest) return text;
            var victim = longest.LastOrDefault(entry => entry is JsonObject item && item["ok"] is { } ok && ok.GetValue<bool>()) ?? longest[^1];
            longest.Remove(victim);
            answer["omitted"] = ++omitted;
        }
    }
}
