namespace SyncStorage.LocalCloud.Services.Ssm.Commands;

/// <summary>The commands behind their lock, saved with each change.</summary>
internal sealed class CommandStore
{
    private const int MostCommands = 500;

    private readonly Lock gate = new();
    private readonly StateFile<CommandState> file;
    private readonly CommandState state;
    private readonly string directory;

    public CommandStore(CloudContext context)
    {
        directory = Path.Combine(context.StateDirectory, "commands");
        file = new StateFile<CommandState>(context.StateDirectory, "ssm-commands");
        state = file.Load();
    }

    public CommandOutput Output(string commandId, string instanceId) => new(Path.Combine(directory, commandId, instanceId));

    public T Read<T>(Func<IReadOnlyList<CommandRecord>, T> read)
    {
        lock (gate) return read(state.Commands);
    }

    public void Change(Action change)
    {
        lock (gate)
        {
            change();
            file.Save(state);
        }
    }

    /// <summary>Adds one; the oldest that are over are forgotten.</summary>
    public void Add(CommandRecord command)
    {
        lock (gate)
        {
            state.Commands.Add(command);
            while (state.Commands.Count > MostCommands && state.Commands[0].Invocations.TrueForAll(invocation => invocation.IsOver))
            {
                var path = Path.Combine(directory, state.Commands[0].Id);
                if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
                state.Commands.RemoveAt(0);
            }

            file.Save(state);
        }
    }
}
