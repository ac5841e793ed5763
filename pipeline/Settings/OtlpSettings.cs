using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>Where webheads and token servers send metrics and traces by OTLP, from the instances themselves.</summary>
public sealed record OtlpSettings
{
    /// <summary>The collector as instances reach it, e.g. <c>http://collector.internal:4317</c>. It takes no password: those that want one belong behind a collector of your own.</summary>
    [RegularExpression("https?://[A-Za-z0-9.:\\[\\]-]+(/[A-Za-z0-9._/-]*)?", ErrorMessage = "an http or https URL")]
    public required string Endpoint { get; init; }

    /// <summary>What it speaks: <c>grpc</c>, usually at port 4317, or <c>http/protobuf</c>, usually at 4318. Default <c>grpc</c>.</summary>
    [AllowedValues("grpc", "http/protobuf")]
    public string Protocol { get; init; } = "grpc";

    /// <summary>How often metrics are sent, in seconds, 1 to 300. Default 60.</summary>
    [Range(1, 300)]
    public int IntervalSeconds { get; init; } = 60;
}
