using System.Text.RegularExpressions;
using SyncStorage.ServiceHost.Configuration;
using SyncStorage.ServiceHost.Storage;

namespace SyncStorage.ServiceHost.Admin;

/// <summary>A dbnode and an account on it, as commands are told of them that work with the master account.</summary>
/// <param name="Node">The dbnode's name, as it may stand in a parameter's.</param>
/// <param name="Address">Its address.</param>
/// <param name="Port">Its port.</param>
/// <param name="AppUser">The account, as it may stand in SQL.</param>
internal sealed partial record DatabaseArguments(string Node, string Address, int Port, string AppUser)
{
    private const string NodeOption = "--node";
    private const string AddressOption = "--address";
    private const string PortOption = "--port";
    private const string AppUserOption = "--app-user";
    private const string MasterUser = "syncadmin";

    /// <summary>The options.</summary>
    /// <param name="account">What account it is, for the help.</param>
    public static IReadOnlyList<OptionSpec> Options(string account) =>
    [
        new(NodeOption, "NAME", "the dbnode, as its parameters name it") { Required = true },
        new(AddressOption, "A", "its address") { Required = true },
        new(PortOption, "N", "its port; 3306 if not given"),
        new(AppUserOption, "U", account) { Required = true },
    ];

    /// <summary>Reads them.</summary>
    /// <exception cref="CommandLineException">One of them can't be used.</exception>
    public static DatabaseArguments Read(CommandLine line)
    {
        var node = line.Required(NodeOption);
        if (!NodeName.IsMatch(node)) throw new CommandLineException($"{NodeOption} must match {NodeName}");
        return new(node, line.Required(AddressOption), (int)(line.Number(PortOption, 1, 65535) ?? 3306), Identifier(line.Required(AppUserOption), AppUserOption));
    }

    /// <summary>A database or an account, as it may stand in SQL.</summary>
    /// <exception cref="CommandLineException">It may not.</exception>
    public static string Identifier(string value, string option) => SqlName.Pattern.IsMatch(value)
        ? value
        : throw new CommandLineException($"{option} must match {SqlName.Pattern}, and is \"{value}\"");

    /// <summary>The dbnode's master account.</summary>
    /// <exception cref="ConfigurationException">Its password can't be read.</exception>
    public async Task<DatabaseAddress> MasterAsync<TDocument>(AdminContext context, IDocuments<TDocument> source)
    {
        var name = $"/{context.Settings.Cluster}/db/{Node}/master";
        var secrets = await source.ReadSecretsAsync([name], context.CancellationToken);
        return new DatabaseAddress(Address, Port, MasterUser, secrets[name], "");
    }

    [GeneratedRegex("^[a-z0-9-]{1,63}\\z")]
    private static partial Regex NodeName { get; }
}
