using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Admin;

/// <summary>What a command has to work with. Settings and AWS are touched only by the commands that need them.</summary>
internal sealed class AdminContext(Installation installation, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly Lazy<InstanceSettings> settings = new(() => InstanceSettings.Load(installation, Environment.GetEnvironmentVariable));
    private readonly List<IDisposable> used = [];

    public Installation Installation => installation;

    public TimeProvider Time => time;

    public CancellationToken CancellationToken => cancellationToken;

    public InstanceSettings Settings => settings.Value;

    /// <summary>The one of its kind that the command works with; made when first asked for, disposed of with the context.</summary>
    public T Use<T>(Func<AdminContext, T> make)
        where T : class, IDisposable
    {
        if (used.OfType<T>().FirstOrDefault() is { } known) return known;
        var made = make(this);
        used.Add(made);
        return made;
    }

    public void Dispose() => used.ForEach(one => one.Dispose());
}

/// <summary>A command: its help, its options, and what it does. What it returns has <c>ok</c> first.</summary>
internal sealed record AdminCommand(string Name, string Help, IReadOnlyList<OptionSpec> Options,
    Func<AdminContext, CommandLine, Task<JsonObject>> RunAsync);
