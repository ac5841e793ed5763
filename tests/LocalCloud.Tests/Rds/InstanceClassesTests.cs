using SyncStorage.LocalCloud.Services.Rds;

namespace SyncStorage.LocalCloud.Tests.Rds;

public sealed class InstanceClassesTests
{
    // Memory of the class, divided by RDS's bytes a connection.
    [TestCase("db.t3.micro", 85)]
    [TestCase("db.t3.small", 170)]
    [TestCase("db.t4g.medium", 341)]
    [TestCase("db.m6g.large", 682)]
    [TestCase("db.r6g.large", 1365)]
    [TestCase("db.r6g.2xlarge", 5461)]
    [TestCase("db.r6g.16xlarge", 16000)]
    public void MaxConnections_Class_FollowsItsMemory(string instanceClass, int connections) =>
        Assert.That(InstanceClasses.MaxConnections(instanceClass), Is.EqualTo(connections));
}
