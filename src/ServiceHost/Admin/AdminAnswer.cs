using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Settings;

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
    public static JsonObject Failed(string error) => new() { ["ok"] = false, ["error"] = Cut(error.ReplaceLineEndings(" ")) };

    /// <summary>An answer that says what was thrown: whose type is for people has said all in its message.</summary>
    public static JsonObject Failed(Exception exception) =>
        Failed(exception is CommandLineException or SettingsException ? exception.Message : $"{exception.GetType().Name}: {exception.Message}");

    /// <summary>An answer that says that <see cref="Budget"/> was not enough.</summary>
    public static JsonObject Late() => Failed($"not done within {Budget.TotalSeconds} s");

    /// <summary>
    /// The line, without its end. Until it fits, parts are left out: entries of the answer's lists, first what went well, from the end; then the longest of what stands
    /// in its objects. Half an answer would be none.
    /// </summary>
    public static string Line(JsonObject answer)
    {
        var omitted = 0;
        for (var text = answer.ToJsonString(Compact); ; text = answer.ToJsonString(Compact))
        {
            if (Encoding.UTF8.GetByteCount(text) <= Longest) return text;
            if (answer["error"] is JsonValue error && error.ToString() is { Length: > LongestError } message) answer["error"] = Cut(message);
            else if (OmitFromList(answer) || OmitFromObject(answer)) answer["omitted"] = ++omitted;
            else return text;
        }
    }

    private static string Cut(string error) => error.Length <= LongestError ? error : error[..LongestError];

    private static bool OmitFromList(JsonObject answer)
    {
        if (answer.Select(pair => pair.Value).OfType<JsonArray>().Where(list => list.Count > 0).MaxBy(list => list.Count) is not { } longest) return false;
        longest.Remove(longest.LastOrDefault(entry => entry is JsonObject item && item["ok"] is { } ok && ok.GetValue<bool>()) ?? longest[^1]);
        return true;
    }

    private static bool OmitFromObject(JsonObject answer)
    {
        if (answer.Select(pair => pair.Value).OfType<JsonObject>().Where(part => part.Count > 0).MaxBy(Length) is not { } longest) return false;
        longest.Remove(longest.MaxBy(pair => Length(pair.Value)).Key);
        return true;
    }

    private static int Length(JsonNode? node) => node?.ToJsonString(Compact).Length ?? 0;
}
