using SyncStorage.Pipeline.Instances;

namespace SyncStorage.Pipeline.Remote;

/// <summary>The admin commands that every service's binary has, as command lines for an instance.</summary>
public static class ServiceAdmin
{
    private const string OwnPath = "/__admin__/";

    extension(ServiceRole role)
    {
        /// <summary>The heartbeat, whatever its release.</summary>
        public string HeartbeatCommand => role.Asked("check", []);

        /// <summary>
        /// The nudge: read configuration and secrets now. The answer has <c>configuration</c>, the version that is served then, and <c>error</c>. It goes to all of a
        /// fleet at once, so it starts no program of ours: what user data has is there for sure, curl and the file that it wrote.
        /// </summary>
        public string ReloadCommand => role.OwnRequest("-sSf -m 10", "reload");

        /// <summary>
        /// An admin command that the running service carries out itself: no program has to start for it, on each of many instances at once. Where the service does not answer,
        /// or is of a release that carries out none, the program does.
        /// </summary>
        /// <param name="command">The command.</param>
        /// <param name="options">Its options, without dashes; a switch has no value.</param>
        internal string Asked(string command, IReadOnlyList<(string Name, string? Value)> options)
        {
            var query = options.Select(option => option.Value is { } value ? $"{option.Name}={Uri.EscapeDataString(value)}" : option.Name);
            var arguments = options.Select(option => option.Value is { } value ? $" --{option.Name} {Quoted(value)}" : $" --{option.Name}");
            return $"{role.OwnRequest("-sf --connect-timeout 5", string.Join('&', query) is { Length: > 0 } text ? $"{command}?{text}" : command)} || {role.AdminCommand}{command}{string.Concat(arguments)}";
        }

        private string OwnRequest(string options, string target) => $$"""
            . {{InstanceScript.FileOf(role)}} && curl {{options}} --noproxy '*' --interface "$SYNCSTORAGE_ADDRESS" -X POST "http://$SYNCSTORAGE_ADDRESS:$SYNCSTORAGE_PORT{{OwnPath}}{{target}}"
            """;

        // Outside LocalCloud DESTDIR is empty; there it is the instance's root directory.
        internal string AdminCommand => $"\"${{DESTDIR:-}}/opt/syncstorage/{role.Program}/{role.Program}\" admin ";

        /// <summary>That the service answers with its release, whatever its dependencies.</summary>
        public string AliveCommand(string release) => $"{role.AdminCommand}check --alive --release {Quoted(release)}";

        /// <summary>Locks an account of the service's on a dbnode that nobody uses any more.</summary>
        /// <param name="node">The dbnode.</param>
        /// <param name="address">Its address.</param>
        /// <param name="port">Its port.</param>
        /// <param name="user">The account.</param>
        public string RetireAccountCommand(string node, string address, int port, string user) =>
            $"{role.AdminCommand}retire-account --node {Quoted(node)} --address {Quoted(address)} --port {port} --app-user {Quoted(user)}";

        /// <summary>That the heartbeat is 200 with every part ok, of this release and configuration, several times in a row.</summary>
        /// <param name="release">The release.</param>
        /// <param name="configuration">The configuration's version.</param>
        /// <param name="times">How often in a row.</param>
        /// <param name="interval">From one time to the next.</param>
        /// <param name="within">In which time it may begin to be so.</param>
        public string CheckCommand(string release, int configuration, int times, TimeSpan interval, TimeSpan within) =>
            role.Asked("check",
            [
                ("release", release), ("configuration", $"{configuration}"), ("times", $"{times}"), ("interval-ms", $"{interval.TotalMilliseconds:0}"), ("within-ms", $"{within.TotalMilliseconds:0}"),
            ]);
    }

    /// <summary>A value as the shell takes it for one word.</summary>
    internal static string Quoted(string value) => $"'{value.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
