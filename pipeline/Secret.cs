namespace SyncStorage.Pipeline;

/// <summary>A secret. Whatever formats or serializes it prints <c>[REDACTED]</c>.</summary>
[System.Text.Json.Serialization.JsonConverter(typeof(SecretJsonConverter))]
public sealed class Secret : IFormattable
{
    private const string Redacted = "[REDACTED]";

    private readonly string value;

    /// <param name="value">The secret's text.</param>
    public Secret(string value) => this.value = value;

    /// <summary>The text itself: only for the call that needs it.</summary>
    public string Reveal() => value;

    /// <inheritdoc/>
    public override string ToString() => Redacted;

    /// <inheritdoc/>
    public string ToString(string? format, IFormatProvider? formatProvider) => Redacted;

    private sealed class SecretJsonConverter : System.Text.Json.Serialization.JsonConverter<Secret>
    {
        public override Secret Read(ref System.Text.Json.Utf8JsonReader reader, Type typeToConvert, System.Text.Json.JsonSerializerOptions options) =>
            throw new NotSupportedException("Secrets are not read from JSON.");

        public override void Write(System.Text.Json.Utf8JsonWriter writer, Secret value, System.Text.Json.JsonSerializerOptions options) =>
            writer.WriteStringValue(Redacted);
    }
}
