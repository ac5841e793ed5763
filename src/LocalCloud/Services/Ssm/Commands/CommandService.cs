using System.Text;
using System.Text.Json.Nodes;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Ec2;
using SyncStorage.LocalCloud.Services.Ec2.Machines;
using SyncStorage.LocalCloud.Services.Ec2.Rules;

namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>Systems Manager's commands: scripts that run inside instances. (Its parameters are a service of their own.)</summary>
internal sealed partial class CommandService : IAwsService, IDisposable
{
    private const int ScriptsPerCore = 4;

    private readonly Handlers handlers = [];
    private readonly CloudContext context;
    private readonly CommandStore store;
    private readonly CommandView view;
    private readonly CommandRequest request;
    private readonly CommandRunner runner;
    private readonly ILogger logger;
    private readonly CancellationTokenSource leaving = new();
    private readonly Lock gate = new();

    // All instances share this machine: were their scripts to start at the same moment, whatever serves would stand still.
    private readonly SemaphoreSlim slots = new(ScriptsPerCore * Environment.ProcessorCount);
    private readonly List<Task> running = [];

    public CommandService(CloudContext context, IInstanceQueries instances, IInstanceShells shells, IProcessHost processes, ILogger<CommandService> logger)
    {
        this.context = context;
        this.logger = logger;
        store = new CommandStore(context);
        view = new CommandView(store);
        request = new CommandRequest(context, instances, shells);
        runner = new CommandRunner(processes, shells, context.Time);
        handlers.Add("SendCommand", Send);
        handlers.Add("CancelCommand", Cancel);
        handlers.Add("ListCommands", ListCommands);
        handlers.Add("ListCommandInvocations", ListInvocations);
        handlers.Add("GetCommandInvocation", GetInvocation);
        handlers.Add("DescribeInstanceInformation", new ManagedInstances(context, request).Describe);
    }

    /// <inheritdoc/>
    public string Name => "ssm";

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Func<ApiCall, CancellationToken, Task<ApiResult>>> Operations => handlers;

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (command, invocation) in store.Read(Unfinished)) Track(ResumeAsync(command, invocation));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(bool keepProcesses, CancellationToken cancellationToken)
    {
        if (!keepProcesses)
        {
            foreach (var (command, invocation) in store.Read(Unfinished)) runner.Cancel(Key(command, invocation));
        }
        else
        {
            await leaving.CancelAsync();
        }

        Task[] tasks;
        lock (gate) tasks = [.. running];
        await Task.WhenAll(tasks);
    }

    public void Dispose()
    {
        leaving.Dispose();
        slots.Dispose();
    }

    private static List<(CommandRecord Command, InvocationRecord Invocation)> Unfinished(IReadOnlyList<CommandRecord> commands) =>
        [.. commands.SelectMany(command => command.Invocations.Where(invocation => !invocation.IsOver).Select(invocation => (command, invocation)))];

    private static string Key(CommandRecord command, InvocationRecord invocation) => $"{command.Id}/{invocation.InstanceId}";

    private JsonObject Send(JsonObject input)
    {
        var command = request.Read(input, Now);
        store.Add(command);
        var sent = store.Read(_ => CommandView.Command(command));
        foreach (var invocation in command.Invocations) Track(Task.Run(() => RunAsync(command, invocation)));
        return new JsonObject { ["Command"] = sent };
    }

    private void Track(Task task)
    {
        lock (gate)
        {
            running.RemoveAll(other => other.IsCompleted);
            running.Add(task);
        }
    }

    private async Task RunAsync(CommandRecord command, InvocationRecord invocation)
    {
        try
        {
            await slots.WaitAsync(leaving.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            await RunNowAsync(command, invocation);
        }
        finally
        {
            slots.Release();
        }
    }

    private async Task RunNowAsync(CommandRecord command, InvocationRecord invocation)
    {
        try
        {
            var handle = await runner.StartAsync(invocation.InstanceId, command, store.Output(command.Id, invocation.InstanceId));
            store.Change(() =>
            {
                if (invocation.Status == InvocationStatus.Pending) invocation.Status = InvocationStatus.InProgress;
                (invocation.Process, invocation.Started) = (handle, Now);
            });
            await FinishAsync(command, invocation, handle);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            var output = store.Output(command.Id, invocation.InstanceId);
            PrivateFile.CreateDirectory(output.Directory);
            PrivateFile.Write(output.StandardError, Encoding.UTF8.GetBytes(exception.Message + "\n"));
            End(invocation, new CommandResult(InvocationStatus.Failed, -1));
        }
    }

    private async Task ResumeAsync(CommandRecord command, InvocationRecord invocation)
    {
        if (invocation.Process is { } handle) await FinishAsync(command, invocation, handle);
        else End(invocation, new CommandResult(InvocationStatus.Failed, -1));
    }

    private async Task FinishAsync(CommandRecord command, InvocationRecord invocation, ProcessHandle handle)
    {
        var limit = CommandRequest.ExecutionTimeout(command.Parameters) - (Now - (invocation.Started ?? Now));
        var output = store.Output(command.Id, invocation.InstanceId);
        if (await runner.WaitAsync(Key(command, invocation), handle, output, limit, leaving.Token) is not { } result) return;
        End(invocation, result);
        LogEnded(command.Id, invocation.InstanceId, result.Status, result.ResponseCode);
    }

    private void End(InvocationRecord invocation, CommandResult result) => store.Change(() =>
        (invocation.Status, invocation.ResponseCode, invocation.Finished, invocation.Process) = (result.Status, result.ResponseCode, Now, null));

    private JsonObject Cancel(JsonObject input)
    {
        var id = input.Text("CommandId");
        var command = store.Read(commands => commands.FirstOrDefault(command => command.Id == id)) ?? throw CommandErrors.InvalidCommandId(id);
        var ids = input.Texts("InstanceIds");
        var unknown = ids.Where(instance => !command.Invocations.Exists(invocation => invocation.InstanceId == instance)).ToList();
        if (unknown.Count > 0) throw CommandErrors.InvalidInstanceId(unknown, context.AccountId);
        foreach (var invocation in command.Invocations.Where(invocation => ids.Count == 0 || ids.Contains(invocation.InstanceId)))
        {
            store.Change(() =>
            {
                if (invocation.IsOver) return;
                invocation.Status = InvocationStatus.Cancelling;
                runner.Cancel(Key(command, invocation));
            });
        }

        return [];
    }

    private JsonObject ListCommands(JsonObject input) => store.Read(commands =>
    {
        var filters = new CommandFilters(input);
        var matching = commands.Reverse()
            .Where(command => input.Text("CommandId") is not { } id || command.Id == id)
            .Where(command => input.Text("InstanceId") is not { } id || command.Invocations.Exists(invocation => invocation.InstanceId == id))
            .Where(command => filters.Match(command.Requested, CommandView.Status(command)));
        var (page, next) = Paging.Cut(matching, input, smallest: 1, largest: 50);
        return new JsonObject { ["Commands"] = page.ToArray(CommandView.Command) }.WithNext(next);
    });

    private JsonObject ListInvocations(JsonObject input) => store.Read(commands =>
    {
        var filters = new CommandFilters(input);
        var matching = from command in commands.Reverse()
                       where input.Text("CommandId") is not { } id || command.Id == id
                       from invocation in command.Invocations
                       where input.Text("InstanceId") is not { } id || invocation.InstanceId == id
                       where filters.Match(command.Requested, invocation.Status)
                       select (Command: command, Invocation: invocation);
        var (page, next) = Paging.Cut(matching, input, smallest: 1, largest: 50);
        var details = input.Flag("Details") ?? false;
        return new JsonObject { ["CommandInvocations"] = page.ToArray(row => view.Invocation(row.Command, row.Invocation, details)) }.WithNext(next);
    });

    private JsonObject GetInvocation(JsonObject input) => store.Read(commands =>
    {
        if (input.Text("PluginName") is { } plugin && !CommandView.IsPlugin(plugin)) throw CommandErrors.InvalidPluginName(plugin);
        var command = commands.FirstOrDefault(command => command.Id == input.Text("CommandId")) ?? throw CommandErrors.InvocationDoesNotExist();
        var invocation = command.Invocations.Find(invocation => invocation.InstanceId == input.Text("InstanceId")) ?? throw CommandErrors.InvocationDoesNotExist();
        return view.Result(command, invocation, Now);
    });

    [LoggerMessage(Level = LogLevel.Information, Message = "The command {Command} on {InstanceId} is {Status} with {ExitCode}")]
    private partial void LogEnded(string command, string instanceId, InvocationStatus status, int exitCode);
}
