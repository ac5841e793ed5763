namespace SyncStorage.Webhead.Configuration;

/// <summary>Where a webhead's configuration documents and secrets come from.</summary>
internal interface IDocumentSource : IDocuments<ConfigurationDocument>;
