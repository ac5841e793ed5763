namespace SyncStorage.TokenServer.Configuration;

/// <summary>A token server's documents in the cluster's bucket, its secrets in SSM.</summary>
internal sealed class TokenDocuments(InstanceSettings settings, TimeProvider time)
    : AwsDocuments<TokenDocument>(settings, "config/tokenserver/current.json", TokenDocumentJson.Default.TokenDocument, time);
