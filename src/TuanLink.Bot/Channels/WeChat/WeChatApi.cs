using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Outside;
using TuanLink.Routing.Attachments;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>WeChat answered with an error of its own.</summary>
public sealed class WeChatError(int code) : Exception($"WeChat answered errcode {code}.")
{
    public int Code => code;
}

/// <summary>
/// Calls WeChat's API with an access token that is kept and renewed; one it refuses is renewed once. The token stands in the address, so
/// no address is ever logged.
/// </summary>
public sealed class WeChatApi : IDisposable
{
    // Chinese as it is: what is escaped, WeChat shows escaped.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int LargestError = 64 * 1024;

    private readonly WeChatOptions _options;
    private readonly OutsideCalls _calls;
    private readonly Circuits _circuits;
    private readonly TimeProvider _time;
    private readonly KeptToken _token;

    public WeChatApi(IOptions<WeChatOptions> options, OutsideCalls calls, Circuits circuits, TimeProvider time)
    {
        (_options, _calls, _circuits, _time) = (options.Value, calls, circuits, time);
        _token = new(SignIn, time);
    }

    public bool Enabled => _options.Enabled;

    /// <summary>When the access token ends; none while there is none.</summary>
    public DateTimeOffset? TokenUntil => _token.Until;

    /// <summary>Sends a customer-service message; only within 48 hours of the youth's last words, five at most.</summary>
    /// <exception cref="WeChatError">WeChat does not take it.</exception>
    /// <exception cref="HttpRequestException">WeChat cannot be reached.</exception>
    public Task SendCustom(object message, CancellationToken cancel) => Call("/cgi-bin/message/custom/send", message, cancel);

    /// <summary>Uploads a picture for a customer-service message; WeChat keeps it for three days.</summary>
    /// <param name="mediaType">image/jpeg, image/png or image/gif.</param>
    /// <param name="open">Begins to read its bytes; it may be read twice.</param>
    /// <returns>WeChat's number of it.</returns>
    /// <exception cref="WeChatError">WeChat does not take it.</exception>
    /// <exception cref="HttpRequestException">WeChat cannot be reached.</exception>
    public async Task<string> UploadImage(string mediaType, Func<Stream> open, CancellationToken cancel)
    {
        JsonElement json = await WithToken(token => Post($"/cgi-bin/media/upload?access_token={Uri.EscapeDataString(token)}&type=image", () => Form(mediaType, open()), cancel), cancel);
        return json.TryGetProperty("media_id", out JsonElement id) && id.ValueKind == JsonValueKind.String ? id.GetString()!
            : throw new HttpRequestException("WeChat's API did not name what was uploaded.");
    }

    /// <summary>Calls a youth back by the template message of the settings, which may be sent at any time; does nothing where none is set.</summary>
    public async Task CallBack(string youth, string sentence, CancellationToken cancel)
    {
        if (_options.TemplateId.Length > 0)
            await Call("/cgi-bin/message/template/send", new { touser = youth, template_id = _options.TemplateId, data = new Dictionary<string, object> { [_options.TemplateField] = new { value = sentence } } }, cancel);
    }

    /// <summary>Puts the account's menu.</summary>
    public Task PutMenu(JsonElement menu, CancellationToken cancel) => Call("/cgi-bin/menu/create", menu, cancel);

    /// <summary>The address in a lasting parametric QR code; scanning it brings the scene with the subscription or the scan.</summary>
    /// <param name="scene">At most 64 characters.</param>
    public async Task<string> LastingCode(string scene, CancellationToken cancel) =>
        (await Call("/cgi-bin/qrcode/create", new { action_name = "QR_LIMIT_STR_SCENE", action_info = new { scene = new { scene_str = scene } } }, cancel)).GetProperty("url").GetString()!;

    /// <summary>Begins to read a picture or recording a youth sent; WeChat has it for three days. The body is still to come.</summary>
    /// <exception cref="WeChatError">WeChat does not give it.</exception>
    /// <exception cref="HttpRequestException">WeChat cannot be reached.</exception>
    public Task<HttpResponseMessage> GetMedia(string mediaId, CancellationToken cancel) => WithToken(token => Get(mediaId, token, cancel), cancel);

    /// <summary>Gets a token, so that a test of the channel shows whether its id and secret work.</summary>
    public async Task TrySignIn(CancellationToken cancel) => await _token.Get(cancel);

    private Task<JsonElement> Call(string path, object body, CancellationToken cancel) =>
        WithToken(token => Post($"{path}?access_token={Uri.EscapeDataString(token)}", body, cancel), cancel);

    // A token that WeChat refuses is renewed once.
    private async Task<T> WithToken<T>(Func<string, Task<T>> call, CancellationToken cancel)
    {
        string token = await _token.Get(cancel);
        try
        {
            return await call(token);
        }
        catch (WeChatError refused) when (refused.Code is 40001 or 40014 or 42001)
        {
            return await call(await _token.InPlaceOf(token, cancel));
        }
    }

    // The stable token does not void the one another node holds; only after a refusal is a new one forced.
    private async Task<IssuedToken> SignIn(bool refused, CancellationToken cancel)
    {
        JsonElement json = await Post("/cgi-bin/stable_token",
            new { grant_type = "client_credential", appid = _options.AppId, secret = _options.AppSecret, force_refresh = refused }, cancel);
        return new(json.GetProperty("access_token").GetString()!, _time.GetUtcNow().AddSeconds(json.GetProperty("expires_in").GetInt32()));
    }

    // Errors come with status 200, as JSON that may call itself plain text.
    private async Task<HttpResponseMessage> Get(string mediaId, string token, CancellationToken cancel)
    {
        var address = new Uri($"{_options.ApiAddress.TrimEnd('/')}/cgi-bin/media/get?access_token={Uri.EscapeDataString(token)}&media_id={Uri.EscapeDataString(mediaId)}");
        _circuits.Enter(address.Authority);
        HttpResponseMessage answer = await _calls.Configured.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (!answer.IsSuccessStatusCode || answer.Content.Headers.ContentType?.MediaType is not ("application/json" or "text/plain"))
            return answer;
        using (answer)
            try
            {
                await answer.Content.LoadIntoBufferAsync(LargestError, cancel);
                using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
                throw new WeChatError(json.RootElement.GetProperty("errcode").GetInt32());
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw new HttpRequestException("WeChat's API did not answer with media.", e);
            }
    }

    private Task<JsonElement> Post(string path, object body, CancellationToken cancel) => Post(path, () =>
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Plain));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        return content;
    }, cancel);

    private async Task<JsonElement> Post(string path, Func<HttpContent> body, CancellationToken cancel)
    {
        var address = new Uri(_options.ApiAddress.TrimEnd('/') + path);
        _circuits.Enter(address.Authority);
        try
        {
            using HttpContent content = body();
            using HttpResponseMessage answer = await _calls.Configured.PostAsync(address, content, cancel);
            if (!answer.IsSuccessStatusCode)
                throw new HttpRequestException($"WeChat's API was answered {(int)answer.StatusCode}.", null, answer.StatusCode);
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancel));
            _circuits.Succeeded(address.Authority);
            if (json.RootElement.TryGetProperty("errcode", out JsonElement code) && code.TryGetInt32(out int error) && error != 0)
                throw new WeChatError(error);
            return json.RootElement.Clone();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or InvalidOperationException || (e is TaskCanceledException && !cancel.IsCancellationRequested))
        {
            _circuits.Failed(address.Authority);
            throw e is HttpRequestException ? e : new HttpRequestException($"WeChat's API did not answer as it should ({e.GetType().Name}).");
        }
    }

    // As curl writes it, which WeChat's own manual shows: it knows neither a boundary in quotes nor a name without.
    private static MultipartFormDataContent Form(string mediaType, Stream bytes)
    {
        string edge = $"tuanlink{Guid.NewGuid():N}";
        var form = new MultipartFormDataContent(edge);
        form.Headers.Remove("Content-Type");
        form.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={edge}");
        var file = new StreamContent(bytes);
        file.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        // What it is called decides for WeChat what it is; what the handler called it is nobody's business there.
        file.Headers.ContentDisposition = new ContentDispositionHeaderValue("form-data") { Name = "\"media\"", FileName = $"\"picture{MediaTypes.EndingsOf(mediaType)[0]}\"" };
        form.Add(file);
        return form;
    }

    public void Dispose() => _token.Dispose();
}
