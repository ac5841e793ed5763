namespace SyncStorage.Webhead.Configuration;

/// <summary>A webhead's documents in the cluster's bucket, its secrets in SSM.</summary>
internal sealed class AwsDocumentSource(InstanceSettings settings, TimeProvider time)
    : AwsDocuments<ConfigurationDocument>(settings, "config/current.json", ConfigurationJson.Default.ConfigurationDocument, time), IDocumentSource;
