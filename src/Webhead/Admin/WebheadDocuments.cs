using SyncStorage.Webhead.Configuration;

namespace SyncStorage.Webhead.Admin;

/// <summary>The webhead's own configuration, as its commands read it.</summary>
internal static class WebheadDocuments
{
    extension(AdminContext context)
    {
        /// <summary>Where documents and secrets come from.</summary>
        public IDocumentSource Source => context.Use(own => new AwsDocumentSource(own.Settings, own.Time));

        /// <summary>The current document, checked.</summary>
        /// <exception cref="ConfigurationException">There is none, or it can't be used.</exception>
        public async Task<ConfigurationDocument> ReadDocumentAsync()
        {
            var pointer = await context.Source.ReadPointerAsync(context.CancellationToken)
                ?? throw new ConfigurationException("No configuration is published yet.");
            var document = await context.Source.ReadDocumentAsync(pointer, context.CancellationToken);
            ConfigurationRules.Check(document);
            return document;
        }
    }
}
