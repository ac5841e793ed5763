namespace SyncStorage.Delays;

/// <summary>Something that takes its time, and what must be over before it can begin.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Seconds">How long it took, from the call that asked for it until it was so, on the cloud's own word.</param>
/// <param name="After">What it needs.</param>
internal sealed record Step(string Name, double Seconds, params Step[] After)
{
    /// <summary>The longest chain of steps that ends with this one, first step first.</summary>
    public IReadOnlyList<Step> LongestChain() => [.. After.Select(step => step.LongestChain()).MaxBy(Total) ?? [], this];

    public static double Total(IReadOnlyList<Step> chain) => chain.Sum(step => step.Seconds);
}

/// <summary>The steps of a first deployment.</summary>
internal static class FirstDeployment
{
    private const string Command = "ssm.SendCommand";
    private const string CommandEnded = "is Success with 0";

    /// <summary>Reads what each step took from the cloud's log; the last step is given.</summary>
    /// <param name="log">The log of a cloud in which there was one deployment, its first.</param>
    /// <param name="scale">The cloud's time scale.</param>
    /// <param name="bakeSeconds">The soak, by the settings.</param>
    /// <param name="smokeSeconds">How long the smoke test took.</param>
    public static Step Of(CloudLog log, double scale, double bakeSeconds, double smokeSeconds)
    {
        var upload = new Step("bundle uploaded", log.LongestCall("s3.PutObject").TotalSeconds);
        var builder = new Step("builder booted, installed, stopped", Between(log.Call("ec2.RunInstances"), log.First("is stopped", log.Call("ec2.RunInstances"))), upload);
        var image = new Step("image available", TimeSpan.FromMinutes(4).TotalSeconds * scale, builder);
        var bootTest = new Step("boot test", Between(log.Call("ec2.RunInstances", 2), log.First(CommandEnded, log.Call("ec2.RunInstances", 2))), image);
        var databases = new Step("databases available", Between(log.Call("rds.CreateDBInstance"), log.Last("sync2-db1 is available")));
        var cache = new Step("cache available", Between(log.Call("elasticache.CreateCacheCluster"), log.Last("sync2-cache is available")));
        return Rollout(log, new Step("soak", bakeSeconds), new Step("smoke test", smokeSeconds), [bootTest, databases], cache);
    }

    // Webheads boot while the databases come up, which takes longer. Each gate is a command on all webheads, which ends with the slowest; the domain gate has two: all
    // write, one reads and clears up.
    private static Step Rollout(CloudLog log, Step soak, Step smokeTest, Step[] beforeAccounts, Step cache)
    {
        var registered = log.Call("elb.RegisterInstancesWithLoadBalancer");
        var commands = log.Calls(Command, DateTimeOffset.MinValue, registered);
        var (gate, exchange) = (commands[^3], commands[^2]);
        var later = log.Calls(Command, registered, DateTimeOffset.MaxValue);
        var accounts = new Step("databases and accounts made", Between(log.Call("ec2.RunInstances", 6), log.LastBefore(CommandEnded, gate)), beforeAccounts);
        var heartbeats = new Step("heartbeat gate", Between(gate, log.LastBefore(CommandEnded, exchange)), accounts, cache);
        var domain = new Step("domain gate", Between(exchange, log.LastBefore(CommandEnded, registered)), heartbeats);
        var service = new Step("in service", Between(registered, log.Last("InService")), domain);
        var again = new Step("heartbeats at the end of the soak", Between(later[0], log.LastBefore(CommandEnded, later[1])), soak with { After = [service] });
        return smokeTest with { After = [again] };
    }

    private static double Between(DateTimeOffset from, DateTimeOffset to) => (to - from).TotalSeconds;
}
