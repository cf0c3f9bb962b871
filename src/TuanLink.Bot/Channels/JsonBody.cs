using System.Text.Json;
using System.Text.Unicode;

namespace TuanLink.Bot.Channels;

/// <summary>The request's body is larger than the channel takes.</summary>
public sealed class BodyTooLarge() : Exception("The body is too large.");

/// <summary>Reads a JSON body within limits of size and depth.</summary>
public static class JsonBody
{
    /// <exception cref="BodyTooLarge">More than <paramref name="largest"/> bytes.</exception>
    /// <exception cref="JsonException">Not JSON, or nested too deeply.</exception>
    public static async Task<JsonDocument> Read(HttpContext http, int largest)
    {
        if (http.Request.ContentLength > largest)
            throw new BodyTooLarge();
        using var body = new MemoryStream((int)Math.Clamp(http.Request.ContentLength ?? 1024, 16, largest));
        byte[] part = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(part, http.RequestAborted)) > 0)
        {
            if (body.Length + read > largest)
                throw new BodyTooLarge();
            body.Write(part, 0, read);
        }
        // The document outlives the buffer's using: it is parsed from an array of its own.
        return Parse(body.ToArray());
    }

    /// <exception cref="JsonException">Not JSON, not UTF-8, or nested too deeply.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        // The parser lets broken UTF-8 through inside a text, and trips over it only when the text is read.
        if (!Utf8.IsValid(body.Span))
            throw new JsonException("The body is not UTF-8.");
        return JsonDocument.Parse(body, JsonFields.Reading);
    }
}
