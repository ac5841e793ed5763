using System.Text;
using System.Text.Json.Nodes;

namespace SyncStorage.LocalCloud.Tests.Wire;

/// <summary>One change to one recorded call.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Scope">Which service, as signatures name it.</param>
/// <param name="Words">What path, target or body of the request has; parted by spaces.</param>
/// <param name="Status">How it was answered.</param>
/// <param name="Edit">The change.</param>
/// <param name="Noticed">What the validator must say.</param>
internal sealed record Doctored(string Name, string Scope, string Words, int Status, Action<JsonObject> Edit, string Noticed)
{
    /// <summary>The last such call of a recording, changed.</summary>
    public string Of(IEnumerable<string> lines)
    {
        var call = lines.Select(line => JsonNode.Parse(line)!.AsObject()).LastOrDefault(IsMeant) ?? throw new InvalidOperationException($"{Name}: the recording has no {Words} of {Scope}.");
        var before = call.ToJsonString();
        Edit(call);
        var after = call.ToJsonString();
        return before != after ? after : throw new InvalidOperationException($"{Name}: the edit found nothing to change in {Text(call, "requestBody")} and {Text(call, "responseBody")}.");
    }

    /// <summary>Changes the request's body.</summary>
    public static Action<JsonObject> Sent(string from, string to) => Body("requestBody", from, to);

    /// <summary>Changes the answer's body.</summary>
    public static Action<JsonObject> Answered(string from, string to) => Body("responseBody", from, to);

    /// <summary>Replaces the answer.</summary>
    public static Action<JsonObject> AnsweredWith(int status, string body) => call =>
    {
        call["status"] = status;
        call["responseBody"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(body));
    };

    /// <summary>Sets a header of the request.</summary>
    public static Action<JsonObject> SentHeader(string name, string value) => call => call["requestHeaders"]![name] = value;

    /// <summary>Sets a header of the answer, or takes it away.</summary>
    public static Action<JsonObject> AnsweredHeader(string name, string? value) => call =>
    {
        call["responseHeaders"]!.AsObject().Remove(name);
        if (value is not null) call["responseHeaders"]![name] = value;
    };

    /// <summary>Sets something else.</summary>
    public static Action<JsonObject> Set(string what, JsonNode value) => call => call[what] = value.DeepClone();

    private static Action<JsonObject> Body(string which, string from, string to) => call =>
        call[which] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Text(call, which).Replace(from, to, StringComparison.Ordinal)));

    private static string Text(JsonObject call, string which) => Encoding.UTF8.GetString(Convert.FromBase64String((string)call[which]!));

    private bool IsMeant(JsonObject call)
    {
        var request = $"{call["method"]} {call["path"]} {call["requestHeaders"]!["X-Amz-Target"]} {Text(call, "requestBody")}";
        return (string?)call["scope"] == Scope && (int)call["status"]! == Status && Words.Split(' ').All(word => request.Contains(word, StringComparison.Ordinal));
    }
}
