using System.ComponentModel.DataAnnotations;

namespace SyncStorage.Pipeline.Settings;

/// <summary>Something of one's own that is run before or after a stage. It gets the report so far as JSON.</summary>
public sealed record HookSettings
{
    /// <summary>The target, such as <c>Smoke-Test</c>; <c>Deploy</c> is the deployment as a whole.</summary>
    [AllowedValues(
        "Deploy", "Ensure-Bucket", "Ensure-Roles", "Ensure-Security-Groups", "Request-Data-Stores", "Bake-AMI", "Ensure-Load-Balancer", "Request-Webheads", "Ensure-DB", "Ensure-Cache", "Ensure-Monitoring", "Publish-Config",
        "Rolling-Deploy", "Smoke-Test", "Deploy-Token-Server", "Rebalance", "Remove-DB", "Rollback", "Heal", "Sweep", "Destroy", "Build-Webhead", "Export-Nodes", "Ensure-DNS",
        "Rotate-Database-Password", "Rotate-Master-Secret", "Rotate-Certificate", "Rotate-Credentials", "Restore-DB")]
    public required string Stage { get; init; }

    /// <summary><c>before</c>: what fails stops the run; <c>after</c>: run also when the stage failed, and what fails is a notice.</summary>
    [AllowedValues("before", "after")]
    public required string When { get; init; }

    /// <summary>A program and its arguments, run without a shell in the repository's root, with the report on standard input. Or else a URL.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>Where the report is sent to by POST. Or else a command.</summary>
    public Uri? Url { get; init; }

    /// <summary>The name of an environment variable that holds the URL, where it is not for everybody who can read settings.</summary>
    [RegularExpression("[A-Za-z_][A-Za-z0-9_]*", ErrorMessage = "the name of an environment variable")]
    public string? UrlEnvironment { get; init; }

    /// <summary>How long it may take, in seconds; then it is ended, and has failed. Default 60.</summary>
    [Range(0.1, 3600.0)]
    public double TimeoutSeconds { get; init; } = 60;
}
