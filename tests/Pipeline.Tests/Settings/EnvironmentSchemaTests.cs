using System.Xml.Linq;
using SyncStorage.Pipeline.Settings;

namespace SyncStorage.Pipeline.Tests.Settings;

public sealed class EnvironmentSchemaTests
{
    private const string Update = "SYNCSTORAGE_UPDATE_SCHEMA";

    [Test]
    public void Generate_FromTheRecords_IsTheSchemaThatIsCommitted()
    {
        var file = Path.Combine(TestFolders.Environments, "environment.schema.json");
        var documentation = XDocument.Load(Path.ChangeExtension(typeof(EnvironmentSettings).Assembly.Location, ".xml"));

        var schema = EnvironmentSchema.Generate(documentation);

        if (Environment.GetEnvironmentVariable(Update) == "1")
            File.WriteAllText(file, schema);
        Assert.That(File.Exists(file) ? File.ReadAllText(file) : "", Is.EqualTo(schema), $"The records have changed: run this test once with {Update}=1.");
    }
}
