using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Responses;

namespace TuanLink.Bot.Channels;

/// <summary>Writes down what came of sending, many results in one transaction.</summary>
public sealed class DeliveryNotes(ITransactions transactions, RecordDelivery deliveries, SentJournal journal, TimeProvider time, ILogger<DeliveryNotes> log)
{
    private const int MostAtOnce = 200;

    /// <summary>Tries before a human has to look: with the waits between them, about a day.</summary>
    private const int MostTries = 12;

    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(3);

    private readonly Channel<Noted> _results = Channel.CreateUnbounded<Noted>(new UnboundedChannelOptions { SingleReader = true });

    /// <param name="onDisk">Called once the result is written, with whether the words are done with: arrived or given up, not to be tried again.</param>
    public ValueTask Note(OutboxMessage owed, SendResult result, Action<bool> onDisk, CancellationToken cancel) =>
        _results.Writer.WriteAsync(new(owed, result, onDisk), cancel);

    public async Task Write(CancellationToken stopping)
    {
        var batch = new List<Noted>(MostAtOnce);
        try
        {
            while (await _results.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                while (batch.Count < MostAtOnce && _results.Reader.TryRead(out Noted? noted))
                    batch.Add(noted);
                await WriteDown(batch, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // What was sent in this last moment is written down before the service goes.
            batch.Clear();
            while (_results.Reader.TryRead(out Noted? noted))
                batch.Add(noted);
            if (batch.Count > 0)
                await WriteDown(batch, CancellationToken.None);
        }
    }

    private async Task WriteDown(List<Noted> batch, CancellationToken cancel)
    {
        try
        {
            await transactions.Run((db, inner) => WriteAll(db, batch, inner), cancel);
            journal.Noted(batch.Select(n => n.Owed.Id));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            foreach (Noted noted in batch)
                noted.IsOver = false;
            log.LogError(e, "{Count} delivery results could not be written; the words count as not sent; they are sent or noted again.", batch.Count);
        }
        foreach (Noted noted in batch)
            noted.OnDisk(noted.IsOver);
    }

    private async Task WriteAll(RoutingDb db, List<Noted> batch, CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        foreach (Noted noted in batch)
        {
            DateTimeOffset? next = noted.Result.IsSent ? null : NextTry(noted.Owed, noted.Result, now);
            noted.IsOver = next is null;
            if (noted.Result.IsSent)
                await deliveries.Arrived(db, noted.Owed, now, cancel);
            else
                await deliveries.Failed(db, noted.Owed, noted.Result.Failure!, next, now, cancel);
        }
    }

    // 2 s, 4 s, 8 s … up to three hours, each with up to a quarter more, so that a channel that comes back is not stormed.
    private static DateTimeOffset? NextTry(OutboxMessage owed, SendResult result, DateTimeOffset now)
    {
        int tries = owed.Attempts + 1;
        if (tries >= (result.IsRefused ? 3 : MostTries))
            return null;
        double seconds = Math.Min(Math.Pow(2, tries), LongestWait.TotalSeconds) * (1 + Random.Shared.NextDouble() / 4);
        // What the channel asks for counts, but it cannot put words off for ever.
        return now + (result.RetryAfter is { } asked && asked.TotalSeconds > seconds ? asked < LongestWait ? asked : LongestWait : TimeSpan.FromSeconds(seconds));
    }

    private sealed record Noted(OutboxMessage Owed, SendResult Result, Action<bool> OnDisk)
    {
        public bool IsOver { get; set; }
    }
}
