using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using SyncStorage.LocalCloud.Control;
using SyncStorage.LocalCloud.Core;
using SyncStorage.LocalCloud.Processes;
using SyncStorage.LocalCloud.Services.Rds;
using SyncStorage.LocalCloud.Tests.Elb;
using SyncStorage.TestSupport;

namespace SyncStorage.LocalCloud.Tests.Rds;

/// <summary>The service on real MariaDB servers.</summary>
[Category(Categories.Processes)]
public class MariaDbTests
{
    private const string Password = "first-Secret'\\1";
    private string directory = "";
    private ProcessHost processes = null!;
    private MariaDbEngine engine = null!;
    private RdsService rds = null!;
    private FakeAddresses addresses = null!;

    [SetUp]
    public void SetUp()
    {
        if (MariaDbPrograms.Find() is null) Assert.Ignore("MariaDB is not installed.");
        directory = Directory.CreateTempSubdirectory("rds-test-").FullName;
        processes = new ProcessHost(TimeProvider.System);
        addresses = new FakeAddresses(10);
        NewService();
    }

    [TearDown]
    public async Task TearDown()
    {
        if (directory.Length == 0) return;
        await rds.StopAsync(keepProcesses: false, CancellationToken.None);
        rds.Dispose();
        engine.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Test]
    public async Task Create_MasterAccount_ReachesItsDatabaseAndNoOtherAccountIsThere()
    {
        await CreateAsync();

        var instance = await WaitForAsync("available");
        await using var master = await ConnectAsync(Password);
        await RunAsync(master, "CREATE DATABASE syncstorage0");
        await RunAsync(master, "CREATE USER 'app'@'%' IDENTIFIED BY 'x'");
        await RunAsync(master, "GRANT SELECT, INSERT, CREATE ON syncstorage0.* TO 'app'@'%'");
        var accounts = await ColumnAsync(master, "SELECT CONCAT(User, '@', Host) FROM mysql.global_priv WHERE User NOT IN ('PUBLIC', 'mariadb.sys') ORDER BY 1");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(accounts, Is.EqualTo(new[] { "app@%", "rdsadmin@localhost", "syncadmin@%" }));
            Assert.That((string)instance["Endpoint"]!["Address"]!, Is.EqualTo("127.90.10.1"));
            Assert.That(await ColumnAsync(master, "SHOW DATABASES LIKE 'given'"), Is.EqualTo(new[] { "given" }));
            Assert.That(async () => await ConnectAsync("wrong"), Throws.InstanceOf<MySqlException>());
            Assert.That(FilesWith(Password), Is.Empty, "the password is in no file");
        }
    }

    [Test]
    public async Task Break_FailsOver_KeepsWhatWasCommitted()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await using (var before = await ConnectAsync(Password))
        {
            await RunAsync(before, "CREATE TABLE given.kept (id INT)");
            await RunAsync(before, "INSERT INTO given.kept VALUES (1)");
        }

        var broken = (rds.Break(FaultKind.DatabaseFailover, "made-up", TimeSpan.Zero), rds.Break(FaultKind.DatabaseFailover, null, TimeSpan.FromMilliseconds(200)));

        await Eventually.TrueAsync(() => !CanConnect(), "the server is gone");
        await Eventually.TrueAsync(CanConnect, "another one has taken over");
        await using var after = await ConnectAsync(Password);
        Assert.That(broken, Is.EqualTo((false, true)));
        Assert.That(await ColumnAsync(after, "SELECT CAST(id AS CHAR) FROM given.kept"), Is.EqualTo(new[] { "1" }));
    }

    [Test]
    public async Task Break_StorageFull_TakesNoWriteUntilItGetsMoreAndLosesNothing()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await using var master = await ConnectAsync(Password);
        await RunAsync(master, "CREATE TABLE given.kept (id INT AUTO_INCREMENT PRIMARY KEY, what LONGTEXT)");
        const string Insert = "INSERT INTO given.kept (what) VALUES (REPEAT('x', 1000))";
        await RunAsync(master, Insert);

        rds.Break(FaultKind.StorageFull, "db0", TimeSpan.Zero);
        await WaitForAsync("storage-full");
        var refusal = await Assert.CatchAsync<MySqlException>(() => RunAsync(master, Insert));
        await using var others = await ConnectAsync(Password);
        var kept = await ColumnAsync(others, "SELECT CAST(COUNT(*) AS CHAR) FROM given.kept");
        var busy = await rds.ErrorOfAsync("ModifyDBInstance", """{"DBInstanceIdentifier":"db0","BackupRetentionPeriod":3,"ApplyImmediately":true}""");
        await rds.CallAsync("ModifyDBInstance", """{"DBInstanceIdentifier":"db0","AllocatedStorage":40,"ApplyImmediately":true}""");
        await WaitForAsync("available");
        await RunAsync(others, Insert);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refusal!.ErrorCode, Is.EqualTo(MySqlErrorCode.OptionPreventsStatement), refusal.Message);
            Assert.That(kept, Is.EqualTo(new[] { "1" }));
            Assert.That(busy, Is.EqualTo("InvalidDBInstanceState"));
            Assert.That(await ColumnAsync(others, "SELECT CAST(COUNT(*) AS CHAR) FROM given.kept"), Is.EqualTo(new[] { "2" }));
        }
    }

    [Test]
    public async Task Modify_MasterUserPassword_ChangesItForReal()
    {
        await CreateAsync();
        await WaitForAsync("available");

        var answer = await rds.CallAsync("ModifyDBInstance", """{"DBInstanceIdentifier":"db0","MasterUserPassword":"second-Secret2"}""");
        await WaitForAsync("available");

        Assert.That((string)answer["DBInstance"]!["DBInstanceStatus"]!, Is.EqualTo("resetting-master-credentials"));
        Assert.That(async () => await ConnectAsync(Password), Throws.InstanceOf<MySqlException>());
        await using var master = await ConnectAsync("second-Secret2");
    }

    [Test]
    public async Task Server_KilledWithDataCommitted_IsStartedAgainWithTheData()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("kept");
        var process = Process();

        Signals.SendTo(process.Pid, Signals.Kill);
        await Eventually.TrueAsync(() => Process() != process && processes.IsAlive(Process()), "another server runs");

        Assert.That(await ReadAsync(), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task Restart_ProcessesKept_AreAdopted()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("kept");
        var process = Process();

        await rds.StopAsync(keepProcesses: true, CancellationToken.None);
        NewService();
        await rds.StartAsync(CancellationToken.None);
        await rds.IdleAsync();

        Assert.That(Process(), Is.EqualTo(process));
        Assert.That(await ReadAsync(), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task Restart_ServerThatNobodyHasOnRecord_IsReplacedWithItsData()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("kept");
        var process = Process();
        await rds.StopAsync(keepProcesses: true, CancellationToken.None);
        var file = new StateFile<RdsState>(directory, "rds");
        var state = file.Load();
        state.Databases["db0"].Process = null;
        file.Save(state);

        NewService();
        await rds.StartAsync(CancellationToken.None);
        await rds.IdleAsync();

        Assert.That(processes.IsAlive(process), Is.False);
        Assert.That(await ReadAsync(), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task Restart_ProcessesEnded_AreStartedAgain()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("kept");
        var process = Process();

        await rds.StopAsync(keepProcesses: false, CancellationToken.None);
        var ended = !processes.IsAlive(process);
        NewService();
        await rds.StartAsync(CancellationToken.None);
        await rds.IdleAsync();

        Assert.That(ended, Is.True);
        Assert.That(await ReadAsync(), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task Snapshot_RunningServer_HoldsTheDataAndWritesGoOn()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("before");

        await rds.CallAsync("CreateDBSnapshot", """{"DBInstanceIdentifier":"db0","DBSnapshotIdentifier":"manual"}""");
        await WaitForAsync("available");
        await WriteAsync("after");

        await UnpackAsync("manual");
        Assert.That(await ReadAsync(), Is.EquivalentTo(new[] { "before" }));
    }

    [Test]
    public async Task Delete_FinalSnapshot_HoldsTheDataAndTheServerIsGone()
    {
        await CreateAsync();
        await WaitForAsync("available");
        await WriteAsync("kept");
        var process = Process();

        await rds.CallAsync("DeleteDBInstance", """{"DBInstanceIdentifier":"db0","FinalDBSnapshotIdentifier":"final"}""");
        await Eventually.TrueAsync(async () => await rds.ErrorOfAsync("DescribeDBInstances", """{"DBInstanceIdentifier":"db0"}""") == "DBInstanceNotFound", "it is gone");

        Assert.That(processes.IsAlive(process), Is.False);
        Assert.That(Directory.Exists(Path.Combine(directory, "rds", "db0")), Is.False);
        Assert.That(addresses.Owners, Is.Empty);
        await CreateAsync();
        await WaitForAsync("available");
        await UnpackAsync("final");
        Assert.That(await ReadAsync(), Is.EqualTo(new[] { "kept" }));
    }

    [Test]
    public async Task Create_ServerThatDoesNotStart_FailsWithItsLog()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Parse("127.90.10.1"), 3306);
        taken.Start();

        await CreateAsync();
        var instance = await WaitForAsync("failed");

        Assert.That((string)instance["StatusInfos"]![0]!["Message"]!, Does.Contain("db0").And.Contain("in use"));
    }

    private void NewService()
    {
        var context = new CloudContext(directory, "us-east-1", "000000000000", new Uri("http://127.0.0.1:4599"), new TimeScale(0), TimeProvider.System);
        engine = new MariaDbEngine(context, processes);
        rds = new RdsService(context, engine, addresses, new FakeGroups("sg-1"), NullLogger<RdsService>.Instance);
    }

    private Task<JsonObject> CreateAsync() => rds.CallAsync("CreateDBInstance", new JsonObject
    {
        ["DBInstanceIdentifier"] = "db0",
        ["Engine"] = "mysql",
        ["EngineVersion"] = "8.4",
        ["DBInstanceClass"] = "db.t3.micro",
        ["AllocatedStorage"] = 20,
        ["MasterUsername"] = "syncadmin",
        ["MasterUserPassword"] = Password,
        ["DBName"] = "given",
    }.ToJsonString());

    private async Task<JsonObject> WaitForAsync(string status)
    {
        JsonObject instance = [];
        await Eventually.TrueAsync(
            async () =>
            {
                instance = (await rds.CallAsync("DescribeDBInstances", """{"DBInstanceIdentifier":"db0"}"""))["DBInstances"]![0]!.AsObject();
                var now = (string)instance["DBInstanceStatus"]!;
                if (now != status && now is "failed") Assert.Fail(instance["StatusInfos"]!.ToJsonString());
                return now == status;
            },
            $"db0 becomes {status}");
        return instance;
    }

    private ProcessHandle Process() => new StateFile<RdsState>(directory, "rds").Load().Databases["db0"].Process!;

    private static bool CanConnect()
    {
        using var client = new System.Net.Sockets.TcpClient();
        try
        {
            client.Connect("127.90.10.1", 3306);
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }

    private static async Task<MySqlConnection> ConnectAsync(string password)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder { Server = "127.90.10.1", UserID = "syncadmin", Password = password, Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task WriteAsync(string value)
    {
        await using var connection = await ConnectAsync(Password);
        await RunAsync(connection, "CREATE TABLE IF NOT EXISTS given.items (value VARCHAR(100))");
        await RunAsync(connection, $"INSERT INTO given.items VALUES ('{value}')");
    }

    private static async Task<List<string>> ReadAsync()
    {
        await using var connection = await ConnectAsync(Password);
        return await ColumnAsync(connection, "SELECT value FROM given.items");
    }

    private static async Task RunAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> ColumnAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        List<string> values = [];
        while (await reader.ReadAsync()) values.Add(reader.GetString(0));
        return values;
    }

    /// <summary>Puts a snapshot's data in place of the instance's, and starts the server on it.</summary>
    private async Task UnpackAsync(string snapshot)
    {
        await rds.StopAsync(keepProcesses: false, CancellationToken.None);
        var data = Path.Combine(directory, "rds", "db0", "data");
        Directory.Delete(data, recursive: true);
        Directory.CreateDirectory(data);
        await using (var zip = new GZipStream(File.OpenRead(Path.Combine(directory, "rds", ".snapshots", $"{snapshot}.tar.gz")), CompressionMode.Decompress))
        {
            await TarFile.ExtractToDirectoryAsync(zip, data, overwriteFiles: false);
        }

        // A snapshot has the administrator of its time.
        var options = MariaDbAccounts.InitFile("syncadmin", Password, await File.ReadAllTextAsync(Path.Combine(directory, "rds", "db0", "administrator")), null);
        await File.WriteAllTextAsync(Path.Combine(directory, "rds", "db0", "init.sql"), options);
        NewService();
        await rds.StartAsync(CancellationToken.None);
        await rds.IdleAsync();
    }

    private List<string> FilesWith(string text) => [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories)
        .Where(file => new FileInfo(file).Length < 50_000_000 && File.ReadAllText(file, System.Text.Encoding.Latin1).Contains(text, StringComparison.Ordinal))];
}
