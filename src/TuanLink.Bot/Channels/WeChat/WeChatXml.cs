using System.Globalization;
using System.Text;
using System.Xml;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>WeChat's XML: one flat element of texts. Read without DTDs, entities or anything outside; size and depth are limited.</summary>
public static class WeChatXml
{
    public const int LargestBody = 64 * 1024;
    private const int MostFields = 64;

    private static readonly XmlReaderSettings Reading = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LargestBody,
        MaxCharactersFromEntities = 1024,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        ConformanceLevel = ConformanceLevel.Document,
    };

    /// <summary>The fields directly under the root; what lies deeper is skipped.</summary>
    /// <exception cref="XmlException">Not such XML.</exception>
    public static Dictionary<string, string> Read(string xml)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        using var reader = XmlReader.Create(new StringReader(xml), Reading);
        reader.MoveToContent();
        if (reader.NodeType != XmlNodeType.Element || reader.LocalName != "xml" || reader.IsEmptyElement)
            throw new XmlException("The root is not <xml>.");
        reader.ReadStartElement();
        string? field = null;
        var text = new StringBuilder();
        int depth = 1;
        // By hand, never by recursion: a thousand nested elements cost a thousand steps and no stack.
        do
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when depth == 1:
                    field = reader.LocalName;
                    text.Clear();
                    if (reader.IsEmptyElement)
                        Keep();
                    else
                        depth++;
                    break;
                case XmlNodeType.Element when !reader.IsEmptyElement:
                    depth++;
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when depth == 2:
                    text.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    if (--depth == 1)
                        Keep();
                    break;
            }
        }
        while (reader.Read());
        return fields;

        void Keep()
        {
            if (fields.Count >= MostFields || !fields.TryAdd(field!, text.ToString().Replace("\0", "", StringComparison.Ordinal)))
                throw new XmlException("A field comes twice, or there are too many.");
        }
    }

    /// <summary>Writes fields; numbers plainly, texts as CDATA, as WeChat itself does.</summary>
    public static string Write(params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var xml = new StringBuilder("<xml>");
        foreach ((string name, object value) in fields)
        {
            xml.Append('<').Append(name).Append('>');
            if (value is long number)
                xml.Append(number.ToString(CultureInfo.InvariantCulture));
            else
                xml.Append("<![CDATA[").Append(Printable((string)value).Replace("]]>", "]]]]><![CDATA[>", StringComparison.Ordinal)).Append("]]>");
            xml.Append("</").Append(name).Append('>');
        }
        return xml.Append("</xml>").ToString();
    }

    // A character XML does not know would void the whole answer.
    private static string Printable(string text)
    {
        var kept = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                kept.Append(text[i]).Append(text[++i]);
            else if (XmlConvert.IsXmlChar(text[i]) && !char.IsSurrogate(text[i]))
                kept.Append(text[i]);
        return kept.ToString();
    }
}
