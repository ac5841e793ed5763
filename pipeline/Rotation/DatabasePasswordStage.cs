using SyncStorage.Pipeline.Config;
using SyncStorage.Pipeline.Database;
using SyncStorage.Pipeline.Errors;
using SyncStorage.Pipeline.Images;
using SyncStorage.Pipeline.Instances;
using SyncStorage.Pipeline.Journal;
using SyncStorage.Pipeline.Planning;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Rollout;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Rotation;

/// <summary>
/// Rotate-Database-Password: new passwords of master and application accounts. Webheads go over to the second of two application accounts, and the one
/// that they have left is locked once nobody uses it: there is no moment at which a password and its database disagree.
/// </summary>
public sealed class DatabasePasswordStage(
    EnvironmentSettings settings, ClusterNames names, ServingImage serving, SecretStore secrets, ConfigStore configuration, ConfigPush push, RotationStore rotations,
    MasterPasswords masters, ApplicationAccounts accounts, TokenServerPassword tokenServer, AdminInstance admin, Fleet fleet, DeploymentJournal journal, TimeProvider time, IProgress progress)
{
    /// <summary>The target's name.</summary>
    public const string Target = "Rotate-Database-Password";

    /// <summary>Rotates, or finishes the rotation that an earlier run has begun.</summary>
    /// <exception cref="PipelineException"><see cref="ErrorCode.RotationStopped"/>, or what has failed; running again goes on at that step.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var rotation = await BeginAsync(cancellationToken);
        if (rotation.Step <= DatabasePasswordStep.StoreMaster)
        {
            foreach (var node in Nodes(rotation)) await secrets.RenewPasswordAsync(names.MasterPasswordParameter(node.Settings.Name), cancellationToken);
            await AtAsync(DatabasePasswordStep.SetMaster, cancellationToken);
        }

        if (rotation.Step <= DatabasePasswordStep.SetMaster)
        {
            await masters.SetAsync([.. Nodes(rotation).Select(node => node.Settings)], cancellationToken);
            await AtAsync(DatabasePasswordStep.StorePassword, cancellationToken);
        }

        if (rotation.Step <= DatabasePasswordStep.StorePassword)
        {
            foreach (var node in Nodes(rotation)) await secrets.RenewPasswordAsync(node.Accounts.To.PasswordParameter, cancellationToken);
            await AtAsync(DatabasePasswordStep.MakeAccount, cancellationToken);
        }

        var (image, release) = await serving.RequireAsync(cancellationToken);
        await admin.RunAsync("rotate", image, release, instance => TakeTurnsAsync(rotation, instance, cancellationToken), cancellationToken);
        await tokenServer.RunAsync(cancellationToken);
        await rotations.ChangeAsync(
            document => document with { DatabasePassword = null, Finished = new Dictionary<string, DateTimeOffset>(document.Finished) { [Target] = time.GetUtcNow() } }, cancellationToken);
        progress.Changed($"the passwords of {rotation.Nodes.Count} dbnodes are rotated");
    }

    private async Task TakeTurnsAsync(DatabasePasswordRotation rotation, string instance, CancellationToken cancellationToken)
    {
        if (!IsPublished(rotation, await configuration.RequireAsync(cancellationToken)))
        {
            // Also where an earlier run has made them: databases may have been added since.
            foreach (var node in Nodes(rotation)) await accounts.MakeAsync(node.Settings, node.Accounts.To, instance, cancellationToken);
            await AtAsync(DatabasePasswordStep.Publish, cancellationToken);
            var published = await configuration.PublishAsync(Turned(await configuration.RequireAsync(cancellationToken), rotation), cancellationToken);
            progress.Changed($"configuration version {published.Version}: {string.Join(", ", Nodes(rotation).Select(node => $"{node.Settings.Name} is used as {node.Accounts.To.User}"))}");
        }

        // Whoever has published: a webhead that does not have it still uses what is about to be locked.
        var version = (await configuration.RequireAsync(cancellationToken)).Version;
        await push.RunAsync(version, cancellationToken);
        await AtAsync(DatabasePasswordStep.Retire, cancellationToken);
        foreach (var node in Nodes(rotation))
            await accounts.RetireAsync(node.Settings, node.Accounts.From, instance, ServiceRole.Webhead, async token => await push.NudgeAsync(await fleet.RunningAsync(token), version, token), cancellationToken);
    }

    private async Task<DatabasePasswordRotation> BeginAsync(CancellationToken cancellationToken)
    {
        if ((await rotations.ReadAsync(cancellationToken)).DatabasePassword is { } unfinished)
        {
            progress.Notice($"going on with the rotation of {unfinished.StartedAt:yyyy-MM-dd HH:mm:ss} UTC, at {unfinished.Step}");
            await journal.StepAsync($"{Target}, {unfinished.Step}", cancellationToken);
            return unfinished;
        }

        var current = await configuration.RequireAsync(cancellationToken);
        await serving.RequireAsync(cancellationToken);
        var begun = Begin(current, names, settings.Dbnodes.Select(node => node.Name), time.GetUtcNow());
        await rotations.ChangeAsync(document => document with { DatabasePassword = begun }, cancellationToken);
        await journal.StepAsync($"{Target}, {begun.Step}", cancellationToken);
        return begun;
    }

    /// <summary>A new rotation, of the dbnodes that are in the configuration.</summary>
    internal static DatabasePasswordRotation Begin(ConfigDocument current, ClusterNames names, IEnumerable<string> nodes, DateTimeOffset now) => new(
        now, DatabasePasswordStep.StoreMaster,
        [.. nodes.Where(node => current.Nodes.Any(known => known.Name == node))
            .Select(node => new NodeAccounts(node, DatabaseAccount.Current(current, names, node), DatabaseAccount.Idle(current, names, node)))]);

    /// <summary>The document in which the dbnodes are used with the other account.</summary>
    internal static ConfigDocument Turned(ConfigDocument current, DatabasePasswordRotation rotation) => current with
    {
        Nodes = [.. current.Nodes.Select(node => rotation.Nodes.FirstOrDefault(turning => turning.Node == node.Name) is { } turning
            ? node with { User = turning.To.User, PasswordParameter = turning.To.PasswordParameter }
            : node)],
    };

    /// <summary>Whether a document has all dbnodes used with the other account.</summary>
    internal static bool IsPublished(DatabasePasswordRotation rotation, ConfigDocument current) => ConfigDocument.SayTheSame(current, Turned(current, rotation));

    // A dbnode that has left the settings since has no passwords any more.
    private IEnumerable<(DatabaseNodeSettings Settings, NodeAccounts Accounts)> Nodes(DatabasePasswordRotation rotation) =>
        settings.Dbnodes.Join(rotation.Nodes, node => node.Name, accounts => accounts.Node, (node, accounts) => (node, accounts));

    private async Task AtAsync(DatabasePasswordStep step, CancellationToken cancellationToken)
    {
        await rotations.ChangeAsync(document => document with { DatabasePassword = document.DatabasePassword! with { Step = step } }, cancellationToken);
        await journal.StepAsync($"{Target}, {step}", cancellationToken);
    }
}
