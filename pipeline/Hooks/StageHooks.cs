using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Hooks;

/// <summary>Runs the settings' hooks around stages: one that fails before a stage fails the stage; one that fails after it is a notice.</summary>
public sealed class StageHooks(
    EnvironmentSettings settings, HookCommand commands, Webhook webhooks, RunReport report, Lazy<RolloutCompletion> completion, TimeProvider time, IProgress progress)
{
    /// <summary>The deployment as a whole.</summary>
    public const string Deployment = "Deploy";

    private const string Before = "before";
    private const string After = "after";

    // A release that could not be tested does not stay.
    private const string SmokeTest = "Smoke-Test";

    /// <summary>Looks for what hooks of these stages need, before anything has begun: before their stage, databases may have been made and an image been baked.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.InvalidSettings"/>: a program is missing, or a variable that holds a URL is not set, or holds none.</exception>
    public void RequireReady(IReadOnlyCollection<string> stages)
    {
        List<HookSettings> needed = [.. settings.Hooks.Where(hook => stages.Contains(hook.Stage))];
        List<string> obstacles =
        [
            .. from hook in needed
               where hook.Command.Count > 0
               let obstacle = commands.Obstacle(hook.Command[0])
               where obstacle is not null
               select $"The hook {hook.When} {hook.Stage} can't be run: {obstacle}.",
        ];
        var unset = needed.Where(hook => hook.UrlEnvironment is not null && UrlOf(hook) is null).Select(hook => hook.UrlEnvironment).Distinct().ToList();
        if (unset.Count > 0) obstacles.Add($"Hooks want a URL in the environment variable {string.Join(", ", unset)}, which is not set or holds no http address.");
        if (obstacles.Count > 0)
            throw new PipelineException(
                ErrorCode.InvalidSettings, string.Join('\n', obstacles),
                hint: "Put programs where the settings say (a path is relative to the repository) and make them executable (chmod +x), set variables; or take such hooks out of the settings.");
    }

    /// <summary>Runs what comes before a stage, in the settings' order, up to the first that fails.</summary>
    /// <exception cref="PipelineException">
    /// <see cref="ErrorCode.HookFailed"/>, with the last lines that it printed; what was begun is undone as if the stage had failed.
    /// </exception>
    public async Task BeforeAsync(string stage, CancellationToken cancellationToken)
    {
        foreach (var hook in Of(stage, Before))
        {
            var result = await RunAsync(hook, DocumentOf(hook, failure: null, over: false), cancellationToken);
            if (result.Failure is not { } reason) continue;
            var failure = new PipelineException(
                ErrorCode.HookFailed, $"The hook before {stage} failed: {NameOf(hook)} {reason}.", lastSeen: result.Output,
                hint: "Mend it, or take it out of the settings (hooks); then run the same command again.");
            throw stage == SmokeTest ? await completion.Value.FailedAsync(failure, cancellationToken) : failure;
        }
    }

    /// <summary>Runs what comes after a stage, whether it failed or not; all of it, and no failure of it counts.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="failure">How it ended: null if it succeeded.</param>
    /// <param name="over">Whether the run is over.</param>
    /// <param name="cancellationToken">Ends it: an interrupted run has no time for hooks.</param>
    public async Task AfterAsync(string stage, PipelineException? failure, bool over, CancellationToken cancellationToken)
    {
        foreach (var hook in Of(stage, After))
        {
            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                var result = await RunAsync(hook, DocumentOf(hook, failure, over), cancellationToken);
                if (result.Failure is { } reason)
                    progress.Notice($"the hook after {stage} failed: {NameOf(hook)} {reason}{(result.Output is null ? "" : $": {result.Output}")}");
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                progress.Notice($"the hook after {stage} was not run to its end, for the run was interrupted: {NameOf(hook)}");
            }
        }
    }

    private IEnumerable<HookSettings> Of(string stage, string when) => settings.Hooks.Where(hook => hook.Stage == stage && hook.When == when);

    private async Task<HookResult> RunAsync(HookSettings hook, ReportDocument document, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var timeout = TimeSpan.FromSeconds(hook.TimeoutSeconds);
        var result = hook.Command.Count > 0
            ? await commands.RunAsync(hook.Command, document.ToJson(), timeout, cancellationToken)
            : await webhooks.SendAsync(UrlOf(hook)!, document.ToJson(), timeout, cancellationToken);
        if (result.Failure is null) progress.Found($"hook {hook.When} {hook.Stage}: {NameOf(hook)}, {time.GetElapsedTime(started).ForPeople()}");
        return result;
    }

    private ReportDocument DocumentOf(HookSettings hook, PipelineException? failure, bool over)
    {
        var document = report.Document(failure);
        return document with { Result = failure is null && !over ? ReportDocument.Running : document.Result, Hook = new ReportHook(hook.Stage, hook.When) };
    }

    // A path and a query may hold a token.
    private static string NameOf(HookSettings hook) => hook.Command.Count > 0 ? hook.Command[0] : $"the webhook at {UrlOf(hook)?.Host}";

    private static Uri? UrlOf(HookSettings hook) =>
        hook.Url ?? (Uri.TryCreate(Environment.GetEnvironmentVariable(hook.UrlEnvironment!), UriKind.Absolute, out var url) && url is { Scheme: "http" or "https" } ? url : null);
}
