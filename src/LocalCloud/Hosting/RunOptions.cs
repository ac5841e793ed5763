namespace SyncStorage.LocalCloud.Hosting;

/// <summary>How a LocalCloud is started.</summary>
internal sealed record RunOptions
{
    /// <summary>Where everything is kept; made if it is missing.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The loopback port; 0 lets the system choose.</summary>
    public int Port { get; init; }

    /// <summary>1 is AWS's pace, 0 as fast as the machine allows.</summary>
    public double TimeScale { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>Where to record traffic, secrets included; null not to.</summary>
    public string? RecordFile { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
