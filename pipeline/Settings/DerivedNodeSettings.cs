namespace SyncStorage.Pipeline.Settings;

/// <summary>What follows from a dbnode's settings.</summary>
public static class DerivedNodeSettings
{
    extension(DatabaseNodeSettings node)
    {
        /// <summary>Whether it is an instance of the cluster's own.</summary>
        public bool IsOnEc2 => node.Backend == "ec2";

        /// <summary>The instance type of one on EC2.</summary>
        public string InstanceType => node.InstanceClass.StartsWith("db.", StringComparison.Ordinal) ? node.InstanceClass[3..] : node.InstanceClass;
    }
}
