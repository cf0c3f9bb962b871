using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels.Limits;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.WeChat;

/// <summary>
/// The callback of a WeChat Official Account (PROTOCOLS.md §4): GET proves who we are, POST brings what a youth said. It is always answered
/// within five seconds: with the bot's words if they are on disk by then, else with "success", and the words follow by customer-service message.
/// </summary>
public sealed class WeChatChannel(IOptions<WeChatOptions> options, Turns turns, ArrivalByCode codes, TurnLimits limits, Wording wording, IDbContextFactory<RoutingDb> databases, TimeProvider time, ILogger<WeChatChannel> log)
{
    private const string Path = "/api/wechat";
    private const string Nothing = "success";
    private const int TriesAfterSuccess = 6;

    // A signature is not bound to a plain message's body: it is believed only for a while.
    private static readonly TimeSpan SignatureLife = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan RestAfterPassive = TimeSpan.FromSeconds(2);
    private readonly WeChatOptions _options = options.Value;

    public static void Map(IEndpointRouteBuilder routes)
    {
        if (!routes.ServiceProvider.GetRequiredService<IOptions<WeChatOptions>>().Value.Enabled)
            return;
        routes.MapGet(Path, (HttpContext http, WeChatChannel channel) => channel.Prove(http));
        routes.MapPost(Path, (HttpContext http, WeChatChannel channel) => channel.Take(http));
    }

    private Task Prove(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        string echo = query["echostr"].ToString();
        return Short(query, out string timestamp, out string nonce) && echo.Length is > 0 and <= 512 && WeChatCipher.IsSigned(query["signature"], _options.Token, timestamp, nonce)
            ? Answer(http, 200, echo) : Answer(http, 401, "The signature is not right.");
    }

    private async Task Take(HttpContext http)
    {
        WeChatMessage message;
        try
        {
            if (await Open(http) is not { } xml)
            {
                await Answer(http, 401, "The signature is not right.");
                return;
            }
            message = WeChatMessage.Read(WeChatXml.Read(xml));
        }
        catch (BodyTooLarge)
        {
            await Answer(http, 413, $"The body is larger than {WeChatXml.LargestBody} bytes.");
            return;
        }
        catch (Exception e) when (e is XmlException or WrongEnvelope or WrongCallback or DecoderFallbackException)
        {
            await Answer(http, 400, e is WrongCallback ? e.Message : "The body is not a message of WeChat.");
            return;
        }
        if (message.Words is null)
        {
            await Answer(http, 200, Nothing);
            return;
        }
        try
        {
            // WeChat would only ask thrice again: its answer itself says that the words were not taken.
            string words = !message.Words.IsArrival && await limits.Judge(message.Words, null, http.RequestAborted) is { } refused
                ? refused.InWords(wording) : await Turn(message, message.Words);
            await Answer(http, 200, words.Length == 0 ? Nothing : Envelope(message, words), words.Length > 0);
        }
        catch (NobodyToAnswer)
        {
            http.Response.Headers.RetryAfter = "60";
            await Answer(http, 503, "Nobody is there to answer yet.");
        }
    }

    /// <returns>The XML of the message; none if it is not signed for us.</returns>
    private async Task<string?> Open(HttpContext http)
    {
        IQueryCollection query = http.Request.Query;
        if (!Short(query, out string timestamp, out string nonce) || !IsRecent(timestamp))
            return null;
        // Nobody who cannot sign has us read a body in plain mode; in encrypted mode the signature covers it.
        if (!_options.IsEncrypted && !WeChatCipher.IsSigned(query["signature"], _options.Token, timestamp, nonce))
            return null;
        string body = await Body.ReadText(http, WeChatXml.LargestBody);
        if (!_options.IsEncrypted)
            return body;
        string encrypted = WeChatXml.Read(body).GetValueOrDefault("Encrypt") ?? throw new WrongEnvelope();
        return WeChatCipher.IsSigned(query["msg_signature"], _options.Token, timestamp, nonce, encrypted)
            ? WeChatCipher.Decrypt(encrypted, _options.EncodingAesKey, _options.AppId) : null;
    }

    /// <returns>The words to answer with; empty if they come later or there are none.</returns>
    private async Task<string> Turn(WeChatMessage message, IncomingWords words)
    {
        CodeOf? code = await codes.Read(message.ScannedCode, CancellationToken.None);
        var answer = new PassiveAnswer();
        List<OutboxMessage> carried = [];
        // Said before the turn begins: one that is quick would have its words carried all the same.
        bool later = _options.AnswerWithin == 0 && answer.TryGiveUp();
        // The youth's words are taken whether or not WeChat still waits.
        Task<TurnTaken> turn = turns.Take(words, Also, CancellationToken.None);
        if (later || (!await IsReady(turn) && answer.TryGiveUp()))
        {
            _ = FinishLater(turn, () => turns.Take(words, Also, CancellationToken.None));
            return "";
        }
        TurnTaken taken = await turn;
        // Told again, WeChat did not hear our answer: it gets the same once more.
        return taken.IsRepeat || (words.IsArrival && carried.Count == 0) ? await CarriedBefore(words) : PassiveAnswer.Text(carried);

        async Task Also(RoutingDb db, Speaker speaker, IReadOnlyList<OutboxMessage> owed, DateTimeOffset now)
        {
            // A turn that another node overtook runs again: what it carried the first time was never said.
            carried = [];
            await WeChatSender.PutBack(db, speaker.Conversation.Id, now + RestAfterPassive);
            if (code is not null && await codes.Arrive(db, speaker, code, now) is { } said)
                owed = [.. owed, said];
            if (owed.Count == 0 || !answer.TryCarry())
                return;
            carried = PassiveAnswer.Fitting(owed);
            foreach (OutboxMessage first in carried)
                (first.State, first.SentAt, first.ReplyToId) = (Delivery.Sent, now, words.ActivityId);
            foreach (OutboxMessage rest in owed.Skip(carried.Count))
                rest.DueAt = now + RestAfterPassive;
        }
    }

    private async Task<bool> IsReady(Task turn)
    {
        try
        {
            await turn.WaitAsync(TimeSpan.FromMilliseconds(_options.AnswerWithin), time);
        }
        catch (TimeoutException) when (!turn.IsCompleted)
        {
            return false;
        }
        catch (Exception) when (turn.IsFaulted)
        {
            // Whoever awaits the turn itself hears of it.
        }
        return true;
    }

    private async Task<string> CarriedBefore(IncomingWords words)
    {
        await using RoutingDb db = await databases.CreateDbContextAsync();
        return PassiveAnswer.Text(await db.Outbox.AsNoTracking().Where(o => o.ReplyToId == words.ActivityId && o.State == Delivery.Sent && o.Attempts == 0
            && db.Conversations.Any(c => c.Id == o.ConversationId && c.Channel == words.Channel && c.ChannelConversationId == words.ConversationId)).OrderBy(o => o.Id).ToListAsync());
    }

    // WeChat was told "success" and will not come again: the words must not be lost now.
    private async Task FinishLater(Task<TurnTaken> turn, Func<Task<TurnTaken>> again)
    {
        using var rest = new PeriodicTimer(TimeSpan.FromSeconds(5), time);
        for (int tries = 1; ; tries++)
            try
            {
                await turn;
                return;
            }
            catch (Exception e) when (tries < TriesAfterSuccess)
            {
                log.LogError(e, "A turn of WeChat failed after its callback was answered; it is tried again.");
                await rest.WaitForNextTickAsync();
                turn = again();
            }
            catch (Exception e)
            {
                log.LogCritical(e, "A turn of WeChat failed for good after its callback was answered: a message was lost.");
                return;
            }
    }

    private string Envelope(WeChatMessage message, string words)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        string xml = WeChatXml.Write(("ToUserName", message.From), ("FromUserName", message.To), ("CreateTime", now), ("MsgType", "text"), ("Content", words));
        if (!_options.IsEncrypted)
            return xml;
        string encrypted = WeChatCipher.Encrypt(xml, _options.EncodingAesKey, _options.AppId);
        string nonce = RandomNumberGenerator.GetString("0123456789", 10), timestamp = now.ToString(CultureInfo.InvariantCulture);
        return WeChatXml.Write(("Encrypt", encrypted), ("MsgSignature", WeChatCipher.Sign(_options.Token, timestamp, nonce, encrypted)), ("TimeStamp", now), ("Nonce", nonce));
    }

    private static bool Short(IQueryCollection query, out string timestamp, out string nonce)
    {
        (timestamp, nonce) = (query["timestamp"].ToString(), query["nonce"].ToString());
        return timestamp.Length is > 0 and <= 20 && nonce.Length is > 0 and <= 64;
    }

    private bool IsRecent(string timestamp) => long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds)
        && Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - seconds) <= SignatureLife.TotalSeconds;

    private static Task Answer(HttpContext http, int status, string text, bool isXml = false)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = isXml ? "text/xml; charset=utf-8" : "text/plain; charset=utf-8";
        return http.Response.WriteAsync(text);
    }
}
