using System.Text.Json;
using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Tests.Configuration;

[TestFixture]
internal sealed class ConfigurationDocumentTests
{
    [TestCase("""{"format":1,"version":1,"nodes":[]}""", 100)]
    [TestCase("""{"format":1,"version":1,"nodes":[],"limits":{"maxPostRecords":7}}""", 7)]
    public void Deserialize_LimitsLeftOut_AreTheDefaults(string json, int maxPostRecords)
    {
        var document = JsonSerializer.Deserialize(json, ConfigurationJson.Default.ConfigurationDocument)!;

        Assert.That(document.Limits, Is.EqualTo(new Limits(MaxPostRecords: maxPostRecords)));
    }
}
