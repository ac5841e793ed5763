using System.Diagnostics;
using SyncStorage.Pipeline.Processes;

namespace SyncStorage.Pipeline.Tests.Processes;

[Platform("Linux")]
public sealed class ProcessTreeTests
{
    // Its child has a child that ends what is its own when it is asked to, and the two above pass nothing on.
    private const string Script = """sh -c "sh -c 'trap \"touch asked; exit\" TERM; touch ready; while :; do sleep 0.05; done' & wait; :" & wait; :""";

    [Test]
    public async Task End_ProgramsPassNothingOn_EachIsAsked()
    {
        var folder = Directory.CreateTempSubdirectory("syncstorage-tree-");
        try
        {
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", Script]) { WorkingDirectory = folder.FullName })!;
            while (!File.Exists(Path.Combine(folder.FullName, "ready"))) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);

            await process.EndTreeAsync(TimeSpan.FromSeconds(10));

            Assert.That(process.HasExited && File.Exists(Path.Combine(folder.FullName, "asked")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
