using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Microsoft.Extensions.AI;
using TuanLink.Routing.SecondOpinions;

namespace TuanLink.Bot.SecondOpinions;

/// <summary>
/// Speaks OpenAI's chat completions to any endpoint that understands them. Follows no redirection (the key would travel along) and reads no
/// answer larger than <see cref="LargestAnswer"/>.
/// </summary>
/// <remarks>Errors: <see cref="HttpRequestException"/> for no connection, any status but success, or too large an answer;
/// <see cref="FormatException"/> for an answer that is no chat completion.</remarks>
public sealed class ChatCompletions : IChatClient
{
    private const int LargestAnswer = 64 * 1024;

    private static readonly JsonSerializerOptions WithoutNothing = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    private readonly HttpClient _http;
    private readonly Uri _address;
    private readonly string _model;

    public ChatCompletions(SecondOpinionOptions options)
    {
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = options.TimeLimit }) { MaxResponseContentBufferSize = LargestAnswer, Timeout = options.TimeLimit + options.TimeLimit };
        if (options.ApiKey.Length > 0)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.ApiKey);
        _address = new Uri(options.BaseAddress.TrimEnd('/') + "/chat/completions");
        _model = options.Model;
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        // Whole, with its length: not every endpoint takes a body in chunks.
        using var body = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new
        {
            model = _model,
            messages = messages.Select(m => new { role = m.Role.Value, content = m.Text }),
            temperature = options?.Temperature,
            max_tokens = options?.MaxOutputTokens,
            response_format = options?.ResponseFormat is ChatResponseFormatJson ? new { type = "json_object" } : null,
        }, WithoutNothing));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage answer = await _http.PostAsync(_address, body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw new HttpRequestException("The endpoint refused.", null, answer.StatusCode);
        try
        {
            using JsonDocument json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            string? said = json.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, said ?? ""));
        }
        catch (Exception odd) when (odd is JsonException or InvalidOperationException or KeyNotFoundException or IndexOutOfRangeException)
        {
            throw new FormatException("The answer is no chat completion.", odd);
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (ChatResponseUpdate update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
            yield return update;
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose() => _http.Dispose();
}
