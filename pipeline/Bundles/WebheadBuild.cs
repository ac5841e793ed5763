using SyncStorage.Pipeline.Processes;
using SyncStorage.Pipeline.Reporting;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Bundles;

/// <summary>Build-Webhead: the bundle of the webhead.</summary>
public sealed class WebheadBuild(EnvironmentSettings settings, RunOptions options, IProcessRunner processes, IProgress progress)
    : ServiceBuild("webhead", "Webhead", "Build-Webhead", settings, options, processes, progress);
