namespace SyncStorage.Pipeline.Errors;

/// <summary>
/// What went wrong. The number is stable and unique and is printed as <c>SSD1203</c>; the name appears in
/// <c>report.json</c>. See <see cref="ErrorCodes.ExitCodeOf"/> for the exit code of each.
/// </summary>
public enum ErrorCode
{
    /// <summary>A target that does not exist was asked for.</summary>
    UnknownTarget = 1001,

    /// <summary>An argument that no target knows, or with a value it can't have.</summary>
    BadArgument = 1002,

    /// <summary>There is no settings file of that name.</summary>
    UnknownEnvironment = 1003,

    /// <summary>The settings have errors; all are listed.</summary>
    InvalidSettings = 1004,

    /// <summary>A guarded target was run without the approval it wants.</summary>
    ApprovalNeeded = 1005,

    /// <summary>The credentials belong to another account, or there are none.</summary>
    WrongAccount = 1101,

    /// <summary>AWS refused a call.</summary>
    AwsRefused = 1102,

    /// <summary>AWS, or LocalCloud, could not be reached.</summary>
    AwsUnreachable = 1103,

    /// <summary>A resource has a name that this cluster needs, but not this cluster's tags.</summary>
    NotOurs = 1104,

    /// <summary>A wait ended at its deadline.</summary>
    TimedOut = 1105,

    /// <summary>A resource got into a state that it can't come out of.</summary>
    TerminalState = 1106,

    /// <summary>The network that the settings name is missing or unfit.</summary>
    UnfitNetwork = 1107,

    /// <summary>Something stands in the way of a deployment: all of it is listed, and nothing has been made.</summary>
    PreflightFailed = 1108,

    /// <summary>A virtual hostname has records that this cluster did not make, and they lead elsewhere.</summary>
    ForeignRecord = 1111,

    /// <summary>The hosted zone is not there, or is none that the virtual hostnames could be in.</summary>
    NoHostedZone = 1112,

    /// <summary>Virtual hostnames do not resolve to the load balancer.</summary>
    NameNotResolved = 1113,

    /// <summary>A program that is needed is missing and can't be installed without asking.</summary>
    MissingProgram = 1201,

    /// <summary>LocalCloud did not start, or something else holds its port.</summary>
    LocalCloudFailed = 1202,

    /// <summary>The webhead did not compile or publish.</summary>
    PublishFailed = 1301,

    /// <summary>A command of the machine failed.</summary>
    CommandFailed = 1302,

    /// <summary>A file could not be read or written: no space, no permission.</summary>
    FileSystem = 1303,

    /// <summary>The container image could not be built; the message has the last lines.</summary>
    ContainerFailed = 1304,

    /// <summary>The builder instance failed; the message has its log.</summary>
    BakeFailed = 1401,

    /// <summary>The new image's boot test failed.</summary>
    BootTestFailed = 1402,

    /// <summary>A command on an instance failed or did not answer.</summary>
    RemoteFailed = 1501,

    /// <summary>A database could not be made ready.</summary>
    DatabaseFailed = 1502,

    /// <summary>A change would mean downtime or replacement and has not been approved.</summary>
    DowntimeNotApproved = 1503,

    /// <summary>The published configuration can't be read or was moved by somebody else.</summary>
    ConfigurationConflict = 1504,

    /// <summary>Webheads in service do not come to have the configuration that is published.</summary>
    ConfigurationNotTaken = 1505,

    /// <summary>A dbnode or virtual hostname can't be taken away: it has users, or could be given some, or that can't be told.</summary>
    NodeInUse = 1506,

    /// <summary>A virtual hostname would be served from another dbnode or database, without what its users have.</summary>
    HostnameMoved = 1507,

    /// <summary>Users can't leave their node so: nobody has room for them, they would come back, or there are not so many.</summary>
    RebalanceRefused = 1508,

    /// <summary>A dbnode's storage is full.</summary>
    StorageFull = 1509,

    /// <summary>A backup is damaged or incomplete, and was not restored: the database is as it was.</summary>
    BackupDamaged = 1511,

    /// <summary>A time is asked for that no backup reaches.</summary>
    RestoreOutOfReach = 1512,

    /// <summary>A webhead did not pass the heartbeat gate.</summary>
    GateFailed = 1601,

    /// <summary>A batch did not come into service.</summary>
    BatchNotInService = 1602,

    /// <summary>A step would have gone below min healthy.</summary>
    BelowMinHealthy = 1603,

    /// <summary>The smoke test failed.</summary>
    SmokeTestFailed = 1604,

    /// <summary>The rollout failed and the previous release is back in service.</summary>
    RolledBack = 1605,

    /// <summary>The rollout failed and so did rolling back: a person is needed.</summary>
    Stuck = 1606,

    /// <summary>A release to go back to is not there any more, or never was.</summary>
    NoSuchRelease = 1607,

    /// <summary>Two releases can't serve together, or one can't read what the other has written.</summary>
    IncompatibleRelease = 1608,

    /// <summary>An alarm began to ring while a rollout was watched.</summary>
    AlarmRang = 1609,

    /// <summary>The webheads' logs are kept nowhere but on the webheads.</summary>
    NoLogs = 1610,

    /// <summary>Another deployment holds the lock.</summary>
    Locked = 1701,

    /// <summary>This run held the lock and has lost it: it stopped where it was.</summary>
    LockLost = 1702,

    /// <summary>A rotation can't begin, or can't go on; it does at the step where it stopped once it is run again.</summary>
    RotationStopped = 1751,

    /// <summary>An account that a rotation is to lock is in use still.</summary>
    AccountInUse = 1752,

    /// <summary>Plan found differences, and was asked to tell by its exit code.</summary>
    PlanHasChanges = 1801,

    /// <summary>The cluster, the settings or the bundle moved since the plan was made that is to be carried out.</summary>
    PlanIsStale = 1802,

    /// <summary>A file is no plan, or one of another environment, cluster or version.</summary>
    BadPlan = 1803,

    /// <summary>A command or webhook before a stage failed, or took too long.</summary>
    HookFailed = 1851,

    /// <summary>Tests failed.</summary>
    TestsFailed = 1901,

    /// <summary>Ctrl-C or SIGTERM.</summary>
    Interrupted = 1990,

    /// <summary>A fault of this program.</summary>
    Unexpected = 1999,
}

/// <summary>How error codes show outside.</summary>
public static class ErrorCodes
{
    /// <summary>The code as printed, e.g. <c>SSD1602</c>.</summary>
    public static string Printed(this ErrorCode code) => $"SSD{(int)code}";

    /// <summary>
    /// The process's exit code: 1 failed; 2 bad arguments or settings; 3 locked; 4 rolled back; 5 stuck; 6 plan has
    /// changes; 7 a backup is damaged; 130 interrupted.
    /// </summary>
    public static int ExitCodeOf(this ErrorCode code) => code switch
    {
        ErrorCode.UnknownTarget or ErrorCode.BadArgument or ErrorCode.UnknownEnvironment or ErrorCode.InvalidSettings or ErrorCode.ApprovalNeeded or ErrorCode.BadPlan => 2,
        ErrorCode.Locked or ErrorCode.LockLost => 3,
        ErrorCode.RolledBack => 4,
        ErrorCode.Stuck => 5,
        ErrorCode.PlanHasChanges => 6,
        ErrorCode.BackupDamaged => 7,
        ErrorCode.Interrupted => 130,
        _ => 1,
    };
}
