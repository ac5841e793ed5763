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
    // As a program has.
    private static readonly TimeSpan Budget = TimeSpan.FromMinutes(2);

    /// <summary>Where the instance itself asks for a command: options are in the query, without their dashes.</summary>
    public static string PathOf(string command) => $"/__admin__/{command}";

    /// <summary>Adds a command. The answer is the program's, always with status 200.</summary>
    /// <param name="app">To what.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="options">Its options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="runAsync">Carries it out.</param>
    public static void MapOwnCommand(this WebApplication app, string name, IReadOnlyList<OptionSpec> options, TimeProvider time,
        Func<CommandLine, CancellationToken, Task<JsonObject>> runAsync) => app.MapOwn(PathOf(name), async http =>
    {
        using var budget = new CancellationTokenSource(Budget, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(budget.Token, http.RequestAborted);
        JsonObject answer;
        try
        {
            answer = await runAsync(CommandLine.Parse(Arguments(http.Request.Query), options), both.Token);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            answer = AdminAnswer.Failed($"not done within {Budget.TotalSeconds} s");
        }
        catch (CommandLineException exception)
        {
            answer = AdminAnswer.Failed(exception.Message);
        }

        await OperationsEndpoints.WriteAsync(http, StatusCodes.Status200OK, Encoding.UTF8.GetBytes(AdminAnswer.Line(answer) + '\n'));
    });

    private static List<string> Arguments(IQueryCollection query) =>
        [.. query.SelectMany(pair => pair.Value.Select(value => string.IsNullOrEmpty(value) ? $"--{pair.Key}" : $"--{pair.Key}={value}"))];
}
