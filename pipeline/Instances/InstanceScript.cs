namespace SyncStorage.Pipeline.Instances;

/// <summary>The script at an instance's first boot that writes the file which tells its program who it is. It holds no secret.</summary>
internal static class InstanceScript
{
    /// <summary>The instance's own address, as a variable's value.</summary>
    public const string OwnAddress = "$address";

    /// <summary>The instance's own id, as a variable's value.</summary>
    public const string OwnId = "$instance";

    /// <summary>The file, as the shell on an instance finds it.</summary>
    /// <param name="role">The role whose program is told.</param>
    public static string FileOf(ServiceRole role) => $"\"${{DESTDIR:-}}/etc/syncstorage/{role.Program}.env\"";

    /// <summary>The script.</summary>
    /// <param name="role">The role whose program is told.</param>
    /// <param name="variables">The variables, in their order.</param>
    /// <param name="start">Whether its service is started then, or kept off for good.</param>
    public static string Make(ServiceRole role, IReadOnlyList<(string Name, string Value)> variables, bool start)
    {
        var instance = variables.All(variable => variable.Value != OwnId) ? "" : """

            instance=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/instance-id")
            """;
        return $$"""
            #!/bin/sh
            # Tells the {{role.Noun}} who it is. On LocalCloud DESTDIR is the instance's root directory.
            set -eu
            imds="${AWS_EC2_METADATA_SERVICE_ENDPOINT:-http://169.254.169.254}"
            token=$(curl -fsS --retry 10 --retry-connrefused -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 300' "${imds%/}/latest/api/token")
            address=$(curl -fsS --retry 10 --retry-connrefused -H "X-aws-ec2-metadata-token: $token" "${imds%/}/latest/meta-data/local-ipv4"){{instance}}
            mkdir -p "${DESTDIR:-}/etc/syncstorage"
            {
              {{string.Join("\n  ", variables.Select(Echo))}}
            } > {{FileOf(role)}}
            systemctl {{(start ? "start" : "disable")}} syncstorage-{{role.Program}}.service

            """;
    }

    private static string Echo((string Name, string Value) variable) =>
        variable.Value is OwnAddress or OwnId ? $"echo \"{variable.Name}={variable.Value}\"" : $"echo '{variable.Name}={variable.Value}'";
}
