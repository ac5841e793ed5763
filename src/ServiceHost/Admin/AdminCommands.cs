using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.ServiceHost.Settings;

namespace SyncStorage.ServiceHost.Admin;

/// <summary>Runs a command, and prints its answer: one line of compact JSON. Exit code 0 if it is ok, else 1.</summary>
internal sealed class AdminCommands(string program, IReadOnlyList<AdminCommand> commands)
{
    /// <summary>Runs the command that the arguments name.</summary>
    public async Task<int> RunAsync(string[] arguments, Installation installation, TextWriter output, TimeProvider time)
    {
        if (arguments is [] or ["--help" or "-h"])
        {
            await output.WriteAsync(Help());
            return arguments.Length == 0 ? 1 : 0;
        }

        var command = commands.FirstOrDefault(command => command.Name == arguments[0]);
        if (command is not null && arguments[1..].Any(argument => argument is "--help" or "-h"))
        {
            await output.WriteAsync(Help(command));
            return 0;
        }

        var answer = command is null
            ? AdminAnswer.Failed($"unknown command \"{arguments[0]}\"; there are {string.Join(", ", commands.Select(known => known.Name))}")
            : await AnswerAsync(command, arguments[1..], installation, time);
        await output.WriteLineAsync(AdminAnswer.Line(answer));
        return answer["ok"]!.GetValue<bool>() ? 0 : 1;
    }

    private async Task<JsonObject> AnswerAsync(AdminCommand command, string[] arguments, Installation installation, TimeProvider time)
    {
        using var budget = new CancellationTokenSource(AdminAnswer.Budget, time);
        using var context = new AdminContext(installation, time, budget.Token);
        try
        {
            var line = CommandLine.Parse(arguments, command.Options);
            return await command.RunAsync(context, line);
        }
        catch (OperationCanceledException) when (budget.IsCancellationRequested)
        {
            return AdminAnswer.Late();
        }
        catch (HttpRequestException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return AdminAnswer.Failed($"the {program}'s service does not answer on its port: it is still starting, or it has ended");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return AdminAnswer.Failed($"the {program}'s service does not answer: {exception.Message}");
        }
        catch (Exception exception)
        {
            // Whatever it is, the caller is another machine, and reads one line of JSON.
            return AdminAnswer.Failed(exception);
        }
    }

    private string Help()
    {
        var text = new StringBuilder($"{program} admin <command> [options]\n\n");
        foreach (var command in commands) text.Append($"  {command.Name,-14}{command.Help}\n");
        return text.Append("\nEach has --help. The answer is one line of JSON; the exit code is 0 if it is ok, else 1.\n").ToString();
    }

    private string Help(AdminCommand command)
    {
        var text = new StringBuilder($"{program} admin {command.Name}: {command.Help}\n");
        if (command.Options.Count > 0) text.Append('\n');
        foreach (var option in command.Options)
        {
            var traits = (option.Required ? " (required)" : "") + (option.Repeatable ? " (repeatable)" : "");
            text.Append($"  {option.Name + " " + option.Value,-24}{option.Help}{traits}\n");
        }

        return text.ToString();
    }
}
