using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;

namespace SyncStorage.SyncClient;

/// <summary>
/// A Sync client's round through one virtual hostname: heartbeat, write, read back, conditional requests, delete. It uses a user
/// of its own, and leaves nothing behind, also when a step fails.
/// </summary>
public sealed class SmokeTest
{
    /// <summary>Smoke users have ten digits, above what a token server assigns.</summary>
    public const long FirstUid = 9_000_000_000;

    /// <summary>One past the last smoke user.</summary>
    public const long EndUid = 10_000_000_000;

    private const string Collection = "smoke";
    private static readonly TimeSpan BudgetWhenInterrupted = TimeSpan.FromSeconds(1);

    private readonly SyncStorageClient client;
    private readonly TimeProvider time;
    private readonly List<SmokeStep> steps = [];
    private readonly string payload = RandomNumberGenerator.GetHexString(32, lowercase: true);
    private readonly SmokeItem item;

    private SmokeTest(SyncStorageClient client, TimeProvider time)
    {
        this.client = client;
        this.time = time;
        item = new SmokeItem(client.Uid, Collection, "smoke-" + RandomNumberGenerator.GetHexString(12, lowercase: true));
    }

    private string ItemPath => $"/storage/{item.Collection}/{item.Id}";

    /// <summary>A smoke user that no other run has.</summary>
    public static long RandomUid() =>
        FirstUid + BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4)) % (EndUid - FirstUid);

    /// <summary>Runs the test; stops at the first step that fails.</summary>
    /// <param name="options">The virtual hostname; its <see cref="SyncStorageClientOptions.Uid"/> should be a <see cref="RandomUid"/>.</param>
    /// <param name="locate">
    /// Called while the item is there, to prove where it is stored; returns what is wrong, or null. Null skips the step.
    /// </param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<SmokeResult> RunAsync(SyncStorageClientOptions options,
        Func<SmokeItem, CancellationToken, Task<string?>>? locate, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var client = new SyncStorageClient(options, time);
        var test = new SmokeTest(client, time);
        var ok = false;
        try
        {
            ok = await test.RunStepsAsync(locate, cancellationToken);
        }
        finally
        {
            if (!ok) await test.CleanUpAsync(cancellationToken);
        }

        return new SmokeResult(options.Origin.Host, test.steps);
    }

    private async Task<bool> RunStepsAsync(Func<SmokeItem, CancellationToken, Task<string?>>? locate, CancellationToken cancellationToken)
    {
        var written = SyncTimestamp.Zero;
        return await StepAsync("heartbeat", HeartbeatAsync)
            && await StepAsync("write", async token =>
            {
                var response = await client.PutAsync(ItemPath, $$"""{"payload":"{{payload}}","sortindex":1}""", token);
                written = response.LastModified ?? SyncTimestamp.Zero;
                return Expect(response, HttpStatusCode.OK)
                    ?? (SyncTimestamp.TryParse(response.Body, out var body) && body == written ? null : $"the body is no timestamp: {response.Body}");
            })
            && await StepAsync("read back", token => ReadBackAsync(written, token))
            && await StepAsync("info", token => InfoAsync(written, token))
            && await StepAsync("not modified", async token => Expect(await client.SendAsync(
                new SyncRequest(HttpMethod.Get, ItemPath) { IfModifiedSince = written }, token), HttpStatusCode.NotModified))
            && await StepAsync("precondition", async token => Expect(await client.SendAsync(
                new SyncRequest(HttpMethod.Put, ItemPath)
                {
                    Body = """{"payload":"must not be written"}""",
                    IfUnmodifiedSince = new SyncTimestamp(written.Milliseconds - 10),
                }, token), HttpStatusCode.PreconditionFailed))
            && (locate is null || await StepAsync("placement", token => locate(item, token)))
            && await StepAsync("delete", async token => Expect(await client.DeleteAsync(ItemPath, token), HttpStatusCode.OK))
            && await StepAsync("gone", async token => Expect(await client.GetAsync(ItemPath, token), HttpStatusCode.NotFound))
            && await StepAsync("leave", async token => Expect(await client.DeleteAsync("/storage", token), HttpStatusCode.OK));

        Task<bool> StepAsync(string name, Func<CancellationToken, Task<string?>> step) => RunStepAsync(name, step, cancellationToken);
    }

    private async Task<bool> RunStepAsync(string name, Func<CancellationToken, Task<string?>> step, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        string? error;
        try
        {
            error = await step(cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            error = exception.Message;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            error = "no answer in time";
        }

        steps.Add(new SmokeStep(name, error, time.GetElapsedTime(started)));
        return error is null;
    }

    private async Task<string?> HeartbeatAsync(CancellationToken cancellationToken)
    {
        var response = await client.GetUnsignedAsync("/__heartbeat__", cancellationToken);
        if (Expect(response, HttpStatusCode.OK) is { } error) return error;
        return Field(response.Body, "status") == "ok" ? null : $"the heartbeat is not ok: {Cut(response.Body)}";
    }

    private async Task<string?> ReadBackAsync(SyncTimestamp written, CancellationToken cancellationToken)
    {
        var response = await client.GetAsync(ItemPath, cancellationToken);
        if (Expect(response, HttpStatusCode.OK) is { } error) return error;
        if (Field(response.Body, "payload") != payload) return "the payload is not the one written";
        return response.LastModified == written ? null : $"modified {response.LastModified}, written {written}";
    }

    private async Task<string?> InfoAsync(SyncTimestamp written, CancellationToken cancellationToken)
    {
        var response = await client.GetAsync("/info/collections", cancellationToken);
        if (Expect(response, HttpStatusCode.OK) is { } error) return error;
        return Field(response.Body, item.Collection) == written.ToString()
            ? null
            : $"info/collections says {Cut(response.Body)}, written {written}";
    }

    // The failure that led here is what counts; a second one, while tidying up, would only hide it. Its own budget: the client's timeout, or what an interruption leaves.
    private async Task CleanUpAsync(CancellationToken cancellationToken)
    {
        using var budget = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var interruption = cancellationToken.Register(() => budget.CancelAfter(BudgetWhenInterrupted));
        try
        {
            await client.DeleteAsync("/storage", budget.Token);
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            steps.Add(new SmokeStep("clean up", exception.Message, TimeSpan.Zero));
        }
    }

    private static string? Expect(SyncResponse response, HttpStatusCode expected) =>
        response.Status == expected
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"answered {(int)response.Status}, expected {(int)expected}: {Cut(response.Body)}");

    private static string? Field(string json, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return null;
            return document.RootElement.TryGetProperty(name, out var value)
                ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
                : null;
        }
        catch (JsonException)
        {
            // The caller's comparison fails, and shows the body.
            return null;
        }
    }

    private static string Cut(string body) => body.Length <= 200 ? body : body[..200] + "…";
}
