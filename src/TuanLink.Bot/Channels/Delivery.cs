using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Bot.Channels;

/// <summary>
/// Delivers what is owed: in order within a conversation, many conversations at once. Hears of new words right after their commit, and
/// sweeps the table for what it missed, for retries and after a crash. What was sent is noted in the database before it is forgotten here.
/// </summary>
public sealed class DeliveryLoop(IDbContextFactory<RoutingDb> databases, OutboxSignal signal, Senders senders, DeliveryNotes notes, SentJournal journal, DeliveryLease lease, TimeProvider time, ILogger<DeliveryLoop> log) : BackgroundService
{
    private const int ConversationsAtOnce = 64;
    private const int MostInOneSweep = 5000;
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(2);

    private readonly Dictionary<long, Lane> _lanes = [];
    // Words whose outcome was written since the sweep began to look: what it saw of them is old.
    private readonly HashSet<long> _settled = [];
    private readonly SemaphoreSlim _places = new(ConversationsAtOnce);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        await journal.Begin(stopping);
        await Task.WhenAll(Hear(stopping), Sweep(stopping), notes.Write(stopping));
    }

    private async Task Hear(CancellationToken stopping)
    {
        await foreach (IReadOnlyList<OwedWords> committed in signal.Committed.ReadAllAsync(stopping))
            foreach (OwedWords owed in committed)
                Accept(owed, isSwept: false, stopping);
    }

    private async Task Sweep(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(SweepEvery);
        do
        {
            try
            {
                List<Lane> held = BeginSweep();
                await using RoutingDb db = await databases.CreateDbContextAsync(stopping);
                List<OutboxMessage> queued = await db.Outbox.AsNoTracking().Where(o => o.State == Delivery.Queued).OrderBy(o => o.Id).Take(MostInOneSweep).ToListAsync(stopping);
                if (queued.Count < MostInOneSweep)
                    LetGo(held, queued);
                foreach (OutboxMessage owed in queued)
                    Accept(new(owed, null), isSwept: true, stopping);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "The outbox could not be swept; it is tried again in {Seconds} s.", SweepEvery.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stopping));
    }

    private void Accept(OwedWords words, bool isSwept, CancellationToken stopping)
    {
        OutboxMessage owed = words.Message;
        lock (_lanes)
        {
            if (isSwept && _settled.Contains(owed.Id))
                return;
            if (!_lanes.TryGetValue(owed.ConversationId, out Lane? lane))
                _lanes[owed.ConversationId] = lane = new Lane();
            if (!lane.Known.Add(owed.Id))
            {
                // Resent by a human, or due again: what the table says now counts.
                if (lane.Waiting.TryGetValue(owed.Id, out OwedWords? held))
                    held.Message.DueAt = owed.DueAt;
            }
            else
            {
                lane.Waiting.Add(owed.Id, words);
                if (lane.HeldBy == owed.Id)
                    lane.HeldBy = null;
            }
            if (lane.IsRunning || lane.HeldBy is not null || lane.Waiting.Count == 0 || lane.Waiting.Values[0].Message.DueAt > time.GetUtcNow())
                return;
            lane.IsRunning = true;
        }
        _ = Run(owed.ConversationId, stopping);
    }

    private async Task Run(long conversationId, CancellationToken stopping)
    {
        try
        {
            bool waited = !_places.Wait(0, stopping);
            if (waited)
                await _places.WaitAsync(stopping);
            try
            {
                // Whoever waited, for a place or behind other words, may have been erased meanwhile: what the table says now counts.
                for (bool goesOn = true; goesOn && Next(conversationId) is { } owed; waited = true)
                    goesOn = await TrySend(conversationId, waited ? owed with { To = null } : owed, stopping);
                if (lease.IsNeeded)
                    await lease.Release(conversationId, stopping);
            }
            finally
            {
                _places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            // The service stops: what was not noted as sent is still owed, and is sent after the next start.
        }
        catch (Exception e)
        {
            log.LogError(e, "Delivery to conversation {Conversation} failed; the sweep tries it again.", conversationId);
        }
        finally
        {
            lock (_lanes)
                if (_lanes.TryGetValue(conversationId, out Lane? lane))
                {
                    lane.IsRunning = false;
                    Forget(conversationId, lane);
                }
        }
    }

    /// <returns>False if the word did not arrive: those behind it wait.</returns>
    private async Task<bool> TrySend(long conversationId, OwedWords owed, CancellationToken stopping)
    {
        try
        {
            return lease.IsNeeded ? await SendUnderLease(conversationId, owed, stopping) : await Send(conversationId, owed, null, stopping);
        }
        catch (Exception)
        {
            // Forgotten here, so that the sweep brings it back: else it would count as on its way until the next start.
            Hold(conversationId, owed.Message);
            Done(conversationId, owed.Message, isOver: false);
            throw;
        }
    }

    private async Task<bool> Send(long conversationId, OwedWords owed, TaskCompletionSource? noted, CancellationToken stopping)
    {
        SendResult result = await senders.Send(owed, stopping);
        if (result.IsGone)
        {
            Done(conversationId, owed.Message, isOver: true);
            noted?.SetResult();
            return true;
        }
        if (!result.IsSent)
            Hold(conversationId, owed.Message);
        await notes.Note(owed.Message, result, isOver =>
        {
            Done(conversationId, owed.Message, isOver);
            noted?.SetResult();
        }, stopping);
        return result.IsSent;
    }

    // Another node may have sent it, or knows something older: then it is forgotten here, and the sweep tells what is left.
    private async Task<bool> SendUnderLease(long conversationId, OwedWords owed, CancellationToken stopping)
    {
        if (!await lease.MaySend(owed.Message, stopping))
        {
            Done(conversationId, owed.Message, isOver: true);
            return true;
        }
        var noted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bool sent = await Send(conversationId, owed, noted, stopping);
        await noted.Task.WaitAsync(stopping);
        return sent;
    }

    // The first owed word of a conversation, unless it waits for its next try: then everything behind it waits too.
    private OwedWords? Next(long conversationId)
    {
        lock (_lanes)
        {
            if (!_lanes.TryGetValue(conversationId, out Lane? lane) || lane.Waiting.Count == 0 || lane.HeldBy is not null || lane.Waiting.Values[0].Message.DueAt > time.GetUtcNow())
                return null;
            OwedWords owed = lane.Waiting.Values[0];
            lane.Waiting.RemoveAt(0);
            return owed;
        }
    }

    // Called once the result is on disk. What is to be tried again is forgotten, so that the sweep brings it back as the table has it.
    private void Done(long conversationId, OutboxMessage owed, bool isOver)
    {
        lock (_lanes)
        {
            _settled.Add(owed.Id);
            if (_lanes.TryGetValue(conversationId, out Lane? lane))
            {
                lane.Known.Remove(owed.Id);
                if (isOver && lane.HeldBy == owed.Id)
                    lane.HeldBy = null;
                Forget(conversationId, lane);
            }
        }
    }

    // A word that did not arrive holds up those behind it, also the ones committed just now, until the sweep has brought it back.
    private void Hold(long conversationId, OutboxMessage owed)
    {
        lock (_lanes)
            if (_lanes.TryGetValue(conversationId, out Lane? lane))
                lane.HeldBy = owed.Id;
    }

    // Begins a sweep: which lanes are held now.
    private List<Lane> BeginSweep()
    {
        lock (_lanes)
        {
            _settled.Clear();
            return [.. _lanes.Values.Where(l => l.HeldBy is not null && !l.IsRunning)];
        }
    }

    // Of the lanes held before the sweep looked, those whose word is owed no more (erased, withdrawn) go on.
    private void LetGo(List<Lane> held, List<OutboxMessage> queued)
    {
        if (held.Count == 0)
            return;
        HashSet<long> owed = [.. queued.Select(o => o.Id)];
        lock (_lanes)
            foreach (Lane lane in held)
                if (lane.HeldBy is { } word && !owed.Contains(word))
                    lane.HeldBy = null;
    }

    private void Forget(long conversationId, Lane lane)
    {
        if (lane is { Known.Count: 0, HeldBy: null, IsRunning: false })
            _lanes.Remove(conversationId);
    }

    private sealed class Lane
    {
        public readonly SortedList<long, OwedWords> Waiting = [];
        public readonly HashSet<long> Known = [];
        public bool IsRunning;

        /// <summary>The word that did not arrive and is not back yet.</summary>
        public long? HeldBy;
    }
}
