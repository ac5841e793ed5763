using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Admin;

namespace SyncStorage.ServiceHost.Serving;

/// <summary>
/// Admin commands that the running service carries out itself, for its own instance alone: a program that starts and reads the configuration first takes longer than all
/// that there is to do, and where many are asked at once, from each other.
/// </summary>
internal static class OwnCommands
{
    private const string Prefix = "/__admin__/";

    // One pipeline asks for one at a time. Behind a proxy of the same machine, others may look like it.
    private const int AtOnce = 4;

    /// <summary>Where the instance itself asks for a command: options are in the query, without their dashes.</summary>
    public static string PathOf(string command) => Prefix + command;

    /// <summary>Whether a route is of a command.</summary>
    public static bool Are(string route) => route.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Adds a command. The answer is the program's, with status 200 whatever it says; 503 where several are being carried out.</summary>
    /// <param name="app">To what.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="runAsync">Carries it out.</param>
    public static void MapOwnCommand(this WebApplication app, string name, IReadOnlyList<OptionSpec> options, TimeProvider time,
        Func<CommandLine, CancellationToken, Task<JsonObject>> runAsync)
    {
        var running = 0;
        app.MapOwn(PathOf(name), async http =>
        {
            try
            {
                if (Interlocked.Increment(ref running) > AtOnce) http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                else await OperationsEndpoints.WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(AdminAnswer.Line(await AnswerAsync(http, options, time, runAsync)) + '\n'));
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        });
    }

    private static async Task<JsonObject> AnswerAsync(HttpContext http, IReadOnlyList<OptionSpec> options, TimeProvider time,
        Func<CommandLine, CancellationToken, Task<JsonObject>> runAsync)
    {
        using var budget = new CancellationTokenSource(AdminAnswer.Budget, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, http.RequestAborted);
        try
        {
            return await runAsync(CommandLine.Parse(Arguments(http.Request.Query), options), both.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            return AdminAnswer.Late();
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            // A status alone would not say why, and would have the program ask once more.
            return AdminAnswer.Failed(exception);
        }
    }

    private static List<string> Arguments(IQueryCollection query) =>
        [.. query.SelectMany(pair => pair.Value.Select(value => string.IsNullOrEmpty(value) ? $"--{pair.Key}" : $"--{pair.Key}={value}"))];
}
