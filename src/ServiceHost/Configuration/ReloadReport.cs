using System.Text.Json.Serialization;

namespace SyncStorage.ServiceHost.Configuration;

/// <summary>What is served after a nudge.</summary>
/// <param name="Configuration">The configuration's version, as the heartbeat tells it; null if there is none.</param>
/// <param name="Error">What keeps the service from serving what is published; null if nothing does. Holds no secret.</param>
internal sealed record ReloadReport(int? Configuration, string? Error);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ReloadReport))]
internal sealed partial class ReloadJson : JsonSerializerContext;
