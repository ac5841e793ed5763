namespace SyncStorage.LocalCloud.Core;

/// <summary>What every service needs to know of the cloud it belongs to. One instance, made at start.</summary>
/// <param name="StateDirectory">Absolute path; all files are below it, mode 0700.</param>
/// <param name="Region">E.g. <c>us-east-1</c>.</param>
/// <param name="AccountId">Twelve digits.</param>
/// <param name="Endpoint">The API's own URL, e.g. <c>http://127.0.0.1:4599</c>; known before services start.</param>
/// <param name="Scale">How fast AWS's delays pass.</param>
/// <param name="Time">The clock.</param>
internal sealed record CloudContext(
    string StateDirectory, string Region, string AccountId, Uri Endpoint, TimeScale Scale, TimeProvider Time)
{
    /// <summary>The availability zones of the region.</summary>
    public IReadOnlyList<string> Zones => [$"{Region}a", $"{Region}b", $"{Region}c"];

    /// <summary>The default VPC.</summary>
    public static string VpcId => "vpc-0a1b2c3d4e5f60718";

    /// <summary>The default VPC's subnets, one a zone, in the order of <see cref="Zones"/>.</summary>
    public static IReadOnlyList<string> SubnetIds => ["subnet-0a00000000000000a", "subnet-0b00000000000000b", "subnet-0c00000000000000c"];
}

/// <summary>
/// Scales AWS's durations. 1 is AWS's pace, 1/60 is sixty times faster, 0 is as fast as the machine allows.
/// One scale covers provisioning, probes and drains.
/// </summary>
internal sealed record TimeScale(double Factor)
{
    /// <summary>The shortest probe interval, so that a scale near zero does not spin.</summary>
    public static readonly TimeSpan ShortestProbe = TimeSpan.FromMilliseconds(100);

    public TimeSpan Of(TimeSpan awsDuration) => awsDuration * Factor;

    public TimeSpan OfSeconds(double awsSeconds) => TimeSpan.FromSeconds(awsSeconds * Factor);

    /// <summary>A probe's interval or timeout, never shorter than <see cref="ShortestProbe"/>.</summary>
    public TimeSpan Probe(double awsSeconds)
    {
        var scaled = OfSeconds(awsSeconds);
        return scaled < ShortestProbe ? ShortestProbe : scaled;
    }
}
