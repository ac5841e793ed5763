using System.Text.Json;
using System.Xml;

namespace SyncStorage.LocalCloud.Wire;

/// <summary>Writes a handler's output as XML, the way the model and the protocol have it.</summary>
internal sealed class XmlBody(XmlWriter writer, ServiceModel model, string? xmlNamespace)
{
    private readonly bool ec2 = model.Protocol == "ec2";

    /// <summary>Writes the members of a structure that belong into the body.</summary>
    /// <exception cref="InvalidOperationException">The output has a member that the model lacks, or of another type.</exception>
    public void Members(Shape shape, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object) throw Scalars.WrongOutput(shape, value);
        foreach (var property in value.EnumerateObject())
        {
            if (!shape.Members.TryGetValue(property.Name, out var member))
                throw new InvalidOperationException($"A handler answered the member {property.Name}, which {shape.Name} of {model.Name} does not have.");
            if (member.Location is null && property.Value.ValueKind != JsonValueKind.Null) Member(member, property.Value);
        }
    }

    /// <summary>Writes one member with its element.</summary>
    public void Member(Member member, JsonElement value)
    {
        var shape = member.Shape;
        if (shape.Type == "list")
        {
            List(member, value);
            return;
        }

        writer.WriteStartElement(member.LocationName ?? member.Name, xmlNamespace);
        Content(member, value);
        writer.WriteEndElement();
    }

    private void List(Member member, JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array) throw Scalars.WrongOutput(member.Shape, value);
        var element = member.Shape.Element;
        var flattened = member.Flattened && !ec2;
        var name = member.LocationName ?? member.Name;
        if (!flattened) writer.WriteStartElement(name, xmlNamespace);
        foreach (var item in value.EnumerateArray())
        {
            writer.WriteStartElement(flattened ? member.LocationName ?? element.LocationName ?? name : element.LocationName ?? (ec2 ? "item" : "member"), xmlNamespace);
            Content(element, item);
            writer.WriteEndElement();
        }

        if (!flattened) writer.WriteEndElement();
    }

    private void Content(Member member, JsonElement value)
    {
        switch (member.Shape.Type)
        {
            case "structure":
                Members(member.Shape, value);
                break;
            case "list":
                foreach (var item in value.EnumerateArray())
                {
                    writer.WriteStartElement(member.Shape.Element.LocationName ?? "member", xmlNamespace);
                    Content(member.Shape.Element, item);
                    writer.WriteEndElement();
                }

                break;
            case "map":
                foreach (var entry in value.EnumerateObject())
                {
                    writer.WriteStartElement("entry", xmlNamespace);
                    writer.WriteElementString(member.Shape.Key.LocationName ?? "key", xmlNamespace, Printable(entry.Name));
                    writer.WriteStartElement(member.Shape.Value.LocationName ?? "value", xmlNamespace);
                    Content(member.Shape.Value, entry.Value);
                    writer.WriteEndElement();
                    writer.WriteEndElement();
                }

                break;
            default:
                writer.WriteString(Printable(Scalars.Text(member.Shape, member.TimestampFormat, value)));
                break;
        }
    }

    // XML 1.0 has no way to write most control characters; logs contain them.
    private static string Printable(string text) => text.All(XmlConvert.IsXmlChar) || HasOnlyPairs(text)
        ? text : string.Concat(text.Select(character => XmlConvert.IsXmlChar(character) ? character : '\uFFFD'));

    private static bool HasOnlyPairs(string text)
    {
        try
        {
            XmlConvert.VerifyXmlChars(text);
            return true;
        }
        catch (XmlException)
        {
            return false;
        }
    }
}
