using System.Globalization;
using TuanLink.Bot.Channels.DirectLine;
using TuanLink.Bot.Conversations;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels.Limits;

/// <summary>Answers 429 to words beyond the limits, and tells the youth so in the conversation, calmly and once a minute; that they are slowed, once.</summary>
public sealed class CalmRefusal(TurnLimits limits, ITransactions transactions, Wording wording, TimeProvider time)
{
    /// <param name="isServer">The caller is a channel's server, which speaks for everybody.</param>
    /// <returns>Whether the request was answered; otherwise the words are to be taken.</returns>
    public async ValueTask<bool> Answered(HttpContext http, IncomingWords words, bool isServer)
    {
        if (await limits.Judge(words, isServer ? null : limits.AddressOf(http), http.RequestAborted) is not { } refused)
            return false;
        string said = refused.InWords(wording);
        if (refused.Tell && !words.AnswerInline)
            await transactions.Run((db, _) => Tell(db, words, said), http.RequestAborted);
        http.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(refused.Wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        await http.Response.WriteAsJsonAsync(new { error = new { code = "TooManyRequests", message = said } }, http.RequestAborted);
        return true;
    }

    private async Task Tell(RoutingDb db, IncomingWords words, string said)
    {
        DateTimeOffset now = time.GetUtcNow();
        Speaker speaker = await Arrivals.Meet(db, words, now);
        OutboxMessage owed = db.Owe(speaker.Conversation, said, now);
        if (words.Channel != DirectLineChannel.Id)
            return;
        DirectLineChannel.Show(db, owed, speaker.Conversation, null, now);
        (owed.State, owed.SentAt) = (Delivery.Sent, now);
    }
}
