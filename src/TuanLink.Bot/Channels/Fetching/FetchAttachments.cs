using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Routing.Attachments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Youths;

namespace TuanLink.Bot.Channels.Fetching;

/// <summary>
/// Fetches, after the commit of their message, the files a channel only named. What is awaited stands in the table: a crash or a restart
/// loses nothing. Whoever begins moves the file's moment on in the database, so that of several nodes one fetches; if it dies, another
/// begins when that moment has come.
/// </summary>
public sealed class FetchAttachments(IDbContextFactory<RoutingDb> databases, ITransactions transactions, AttachmentSources sources, AttachmentBytes bytes, RecordAttachments record,
    IOptions<FetchOptions> options, TimeProvider time, ILogger<FetchAttachments> log) : BackgroundService
{
    private const int AtOnce = 8;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    // After the first, second, … failed try; the one after the last gives up.
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)];

    private readonly ConcurrentDictionary<long, Task> _running = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery);
        do
        {
            try
            {
                await Look(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                log.LogError(e, "Awaited attachments could not be looked for; they are again in {Seconds} s.", LookEvery.TotalSeconds);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
        await Task.WhenAll(_running.Values);
    }

    private async Task Look(CancellationToken stopping)
    {
        int free = AtOnce - _running.Count;
        if (free <= 0)
            return;
        DateTimeOffset now = time.GetUtcNow();
        long[] begun = [.. _running.Keys];
        List<long> due;
        await using (RoutingDb db = await databases.CreateDbContextAsync(stopping))
            due = await db.Attachments.Where(a => a.State == AttachmentState.Pending && a.DueAt <= now && !begun.Contains(a.Id)).OrderBy(a => a.DueAt).ThenBy(a => a.Id).Take(free).Select(a => a.Id).ToListAsync(stopping);
        foreach (long id in due)
        {
            var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _running[id] = Run(id, gate.Task, stopping);
            gate.SetResult();
        }
    }

    private async Task Run(long id, Task known, CancellationToken stopping)
    {
        await known;
        try
        {
            if (await Begin(id) is var (file, from))
                await Fetch(file, from, stopping);
        }
        catch (OperationCanceledException)
        {
            // The service stops: it is fetched after the next start.
        }
        catch (Exception e)
        {
            log.LogError(e, "Fetching attachment {Attachment} failed; it is tried again.", id);
        }
        finally
        {
            _running.TryRemove(id, out _);
        }
    }

    /// <returns>None if another node was first, or it is erased.</returns>
    private Task<(Attachment File, Conversation From)?> Begin(long id) => transactions.Run(async (db, cancel) =>
    {
        DateTimeOffset now = time.GetUtcNow(), until = now + TimeSpan.FromSeconds(options.Value.FetchSeconds) + Margin;
        if (await db.Attachments.Where(a => a.Id == id && a.State == AttachmentState.Pending && a.DueAt <= now)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.DueAt, until).SetProperty(a => a.Attempts, a => a.Attempts + 1), cancel) == 0)
            return ((Attachment, Conversation)?)null;
        Attachment file = await db.Attachments.AsNoTracking().SingleAsync(a => a.Id == id, cancel);
        return (file, await db.Conversations.AsNoTracking().SingleAsync(c => c.Id == file.ConversationId, cancel));
    }, CancellationToken.None);

    private async Task Fetch(Attachment file, Conversation from, CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(TimeSpan.FromSeconds(options.Value.FetchSeconds));
        Fetched result = await sources.Fetch(file, from, limit.Token);
        // Stopping is nobody's failure.
        if (result.Kept is null)
            stopping.ThrowIfCancellationRequested();
        if (result.MayTryAgain && file.Attempts <= Pauses.Length)
        {
            TimeSpan pause = Pauses[file.Attempts - 1];
            if (result.RetryAfter is { } asked && asked > pause)
                pause = asked < LongestPause ? asked : LongestPause;
            await transactions.Run((db, cancel) => db.Attachments.Where(a => a.Id == file.Id && a.State == AttachmentState.Pending)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.DueAt, time.GetUtcNow() + pause), cancel), CancellationToken.None);
            return;
        }
        bool awaited = false;
        try
        {
            awaited = await transactions.Run((db, cancel) => record.Settle(db, file.Id, result.Kept, result.Failure, time.GetUtcNow(), cancel), CancellationToken.None);
        }
        finally
        {
            if (!awaited && result.Kept is { } unowned)
                await bytes.Forget([unowned.Key]);
        }
    }
}
