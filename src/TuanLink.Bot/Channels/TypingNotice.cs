using System.Net.Http.Headers;
using System.Text.Encodings.Web;
using System.Text.Json;
using TuanLink.Bot.Channels.BotFramework;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Conversations;

namespace TuanLink.Bot.Channels;

/// <summary>
/// Shows that an answer is being written, where it is long in coming. A turn ends within milliseconds and its answer is the next thing the
/// youth sees: a notice before each would only flicker, and cost every turn a request. It is worth one when a turn must wait, for a slow
/// disk, a busy database or a flood before it; then a youth would otherwise think that nobody heard. So a turn pays for a timer, no more.
/// Nobody is owed a notice: it is kept nowhere, tried once, never waited for, and in a flood only a few are on their way at once.
/// </summary>
public sealed class TypingNotice(ConnectorCalls connectors, DirectLineStreams streams, IHostApplicationLifetime life, TimeProvider time)
{
    private const int MostAtOnce = 8;
    private static readonly TimeSpan After = TimeSpan.FromSeconds(1);
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly SemaphoreSlim _places = new(MostAtOnce);

    /// <summary>Waits for the turn of these words, whose serviceUrl may be called.</summary>
    public async Task<TurnTaken> Until(Task<TurnTaken> turn, IncomingWords words)
    {
        if (!words.AnswerInline && !words.IsArrival && Abilities.ShowsTyping(words.Channel))
        {
            await ((Task)turn).WaitAsync(After, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!turn.IsCompleted)
                _ = Show(turn, words);
        }
        return await turn;
    }

    private async Task Show(Task<TurnTaken> turn, IncomingWords words)
    {
        if (words.Channel == DirectLineChannel.Id)
        {
            streams.Whisper(words.ConversationId, Write(words, isFrame: true));
            return;
        }
        if (!await _places.WaitAsync(0))
            return;
        // A notice that is still on its way when the turn ends is called back: it would come behind the answer.
        using var over = CancellationTokenSource.CreateLinkedTokenSource(life.ApplicationStopping);
        try
        {
            using var content = new ByteArrayContent(Write(words, isFrame: false)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") } };
            Task offered = connectors.Offer(HttpMethod.Post, new Uri(BotFrameworkSender.Activities(words.ServiceUrl, words.ConversationId)), content, over.Token);
            await Task.WhenAny(offered, turn);
            await over.CancelAsync();
            await offered.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        finally
        {
            _places.Release();
        }
    }

    private byte[] Write(IncomingWords words, bool isFrame)
    {
        using var buffer = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            if (isFrame)
            {
                json.WriteStartObject();
                json.WriteStartArray("activities");
            }
            OutboundActivity.WriteTyping(json, words, time.GetUtcNow());
            if (isFrame)
            {
                json.WriteEndArray();
                json.WriteEndObject();
            }
        }
        return buffer.ToArray();
    }
}
