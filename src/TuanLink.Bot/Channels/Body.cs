using System.Text;

namespace TuanLink.Bot.Channels;

/// <summary>Reads a text body within a limit of size.</summary>
public static class Body
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="BodyTooLarge">More than <paramref name="largest"/> bytes.</exception>
    /// <exception cref="DecoderFallbackException">Not UTF-8.</exception>
    public static async Task<string> ReadText(HttpContext http, int largest)
    {
        if (http.Request.ContentLength > largest)
            throw new BodyTooLarge();
        using var body = new MemoryStream();
        byte[] part = new byte[8192];
        int read;
        while ((read = await http.Request.Body.ReadAsync(part, http.RequestAborted)) > 0)
        {
            if (body.Length + read > largest)
                throw new BodyTooLarge();
            body.Write(part, 0, read);
        }
        return Strict.GetString(body.GetBuffer(), 0, (int)body.Length).TrimStart('\uFEFF');
    }
}
