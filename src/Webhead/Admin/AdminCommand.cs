using System.Text.Json.Nodes;
using SyncStorage.Webhead.Configuration;
using SyncStorage.Webhead.Settings;

namespace SyncStorage.Webhead.Admin;

/// <summary>What a command has to work with. Settings and AWS are touched only by the commands that need them.</summary>
internal sealed class AdminContext(Installation installation, TimeProvider time, CancellationToken cancellationToken) : IDisposable
{
    private readonly Lazy<WebheadSettings> settings = new(() => WebheadSettings.Load(installation, Environment.GetEnvironmentVariable));
    private AwsDocumentSource? source;

    public Installation Installation => installation;

    public TimeProvider Time => time;

    public CancellationToken CancellationToken => cancellationToken;

    public WebheadSettings Settings => settings.Value;

    public IDocumentSource Source => source ??= new AwsDocumentSource(Settings, time);

    public void Dispose() => source?.Dispose();

    /// <summary>The current document, checked.</summary>
    /// <exception cref="ConfigurationException">There is none, or it can't be used.</exception>
    public async Task<ConfigurationDocument> ReadDocumentAsync()
    {
        var pointer = await Source.ReadPointerAsync(cancellationToken)
            ?? throw new ConfigurationException("No configuration is published yet.");
        var document = await Source.ReadDocumentAsync(pointer, cancellationToken);
        ConfigurationRules.Check(document);
        return document;
    }
}

/// <summary>A command: its help, its options, and what it does. What it returns has <c>ok</c> first.</summary>
internal sealed record AdminCommand(string Name, string Help, IReadOnlyList<OptionSpec> Options,
    Func<AdminContext, CommandLine, Task<JsonObject>> RunAsync);
