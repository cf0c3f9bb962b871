using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace TuanLink.Journeys.Attachments;

/// <summary>A file as a form carries it.</summary>
public sealed record FormFile(string Name, byte[] Bytes, string Type = "application/octet-stream");

/// <summary>A youth at the chat page, on the wire.</summary>
public sealed class DirectLineYouth(HttpClient http, Uri bot)
{
    private string _mark = "";

    public string Conversation { get; private set; } = "";
    public string Token { get; private set; } = "";

    public async Task<DirectLineYouth> Begin()
    {
        using HttpResponseMessage made = await http.PostAsync(new Uri(bot, "/v3/directline/tokens/generate"), null);
        Token = (await Json(made)).GetProperty("token").GetString()!;
        using HttpResponseMessage begun = await Call(HttpMethod.Post, "/v3/directline/conversations", null);
        Conversation = (await Json(begun)).GetProperty("conversationId").GetString()!;
        await News();
        return this;
    }

    /// <summary>What was added to the transcript since it was last asked.</summary>
    public async Task<List<JsonElement>> News(bool fromBeginning = false)
    {
        using HttpResponseMessage answer = await Call(HttpMethod.Get, $"/v3/directline/conversations/{Conversation}/activities?watermark={(fromBeginning ? "" : _mark)}", null);
        JsonElement set = await Json(answer);
        _mark = set.GetProperty("watermark").GetString()!;
        return [.. set.GetProperty("activities").EnumerateArray()];
    }

    public Task<HttpResponseMessage> Say(string text) => Call(HttpMethod.Post, $"/v3/directline/conversations/{Conversation}/activities", JsonContent.Create(new { type = "message", text }));

    /// <summary>Uploads as the chat page does: the activity first, then the files with their names in UTF-8.</summary>
    public Task<HttpResponseMessage> Upload(string? text, string? key, params FormFile[] files) => Upload(Form(text, key, files));

    public Task<HttpResponseMessage> Upload(HttpContent form, string? token = null, string query = "", string? conversation = null) =>
        Call(HttpMethod.Post, $"/v3/directline/conversations/{conversation ?? Conversation}/upload{query}", form, token);

    public static ByteArrayContent Form(string? text, string? key, params FormFile[] files)
    {
        const string edge = "----WebKitFormBoundary7MA4YWxkTrZu0gW";
        using var body = new MemoryStream();
        if (text is not null)
            Part("name=\"activity\"; filename=\"blob\"", "application/vnd.microsoft.activity", JsonSerializer.SerializeToUtf8Bytes(
                new { type = "message", text, channelData = key is null ? null : new { clientActivityID = key } }, new JsonSerializerOptions { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull }));
        foreach (FormFile file in files)
            Part($"name=\"file\"; filename=\"{file.Name}\"", file.Type, file.Bytes);
        body.Write(Encoding.UTF8.GetBytes($"--{edge}--\r\n"));
        return Raw(body.ToArray(), $"multipart/form-data; boundary={edge}");

        void Part(string disposition, string type, byte[] bytes)
        {
            body.Write(Encoding.UTF8.GetBytes($"--{edge}\r\nContent-Disposition: form-data; {disposition}\r\nContent-Type: {type}\r\n\r\n"));
            body.Write(bytes);
            body.Write("\r\n"u8);
        }
    }

    public static ByteArrayContent Raw(byte[] body, string type)
    {
        var content = new ByteArrayContent(body);
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    public async Task<HttpResponseMessage> Call(HttpMethod verb, string path, HttpContent? content, string? token = null)
    {
        using var request = new HttpRequestMessage(verb, new Uri(bot, path)) { Content = content };
        if ((token ?? Token) is { Length: > 0 } bearer)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        return await http.SendAsync(request);
    }

    public static async Task<JsonElement> Json(HttpResponseMessage answer)
    {
        string body = await answer.Content.ReadAsStringAsync();
        try
        {
            using JsonDocument json = JsonDocument.Parse(body);
            return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            throw new Xunit.Sdk.XunitException($"{(int)answer.StatusCode} with no JSON: {body}");
        }
    }
}
