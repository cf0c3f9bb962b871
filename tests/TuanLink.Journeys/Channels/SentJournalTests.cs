using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using TuanLink.Bot.Channels;
using TuanLink.Routing.Database;
using TuanLink.Routing.Outbox;

namespace TuanLink.Journeys.Channels;

/// <summary>The journal of sent words over a process's end, on a real file beside a real database.</summary>
public sealed class SentJournalTests : IAsyncLifetime
{
    private DatabaseOptions _options = null!;
    private PooledDbContextFactory<RoutingDb> _databases = null!;

    private string File => Path.Combine(_options.Folder, SentJournal.FileName);

    public async Task InitializeAsync()
    {
        _options = new DatabaseOptions { Folder = await Template.Copy() };
        var context = new DbContextOptionsBuilder<RoutingDb>();
        DatabaseModule.Use(context, _options);
        _databases = new(context.Options);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_was_sent_and_not_noted_is_known_after_a_kill_and_what_was_noted_is_forgotten()
    {
        List<OutboxMessage> owed = await Owe(3);
        owed[0].SentAs = "its name|é 1";
        SentJournal killed = await Begin();
        owed.ForEach(killed.Keep);
        killed.Noted([owed[2].Id]);
        using SentJournal next = await Begin();
        OutboxMessage read = await Read(owed[0].Id);
        Assert.Equal((true, true, false), (next.WasSent(read), next.WasSent(owed[1]), next.WasSent(new() { Id = owed[2].Id + 1, Text = "", CreatedAt = owed[2].CreatedAt })));
        Assert.Equal("its name|é 1", read.SentAs);
        next.Noted(owed.Select(o => o.Id));
        Assert.Equal((false, 0), (next.WasSent(owed[0]), new FileInfo(File).Length));
    }

    [Fact]
    public async Task A_torn_last_line_and_what_is_no_line_cost_nothing_else()
    {
        List<OutboxMessage> owed = await Owe(2);
        using (SentJournal killed = await Begin())
            owed.ForEach(killed.Keep);
        byte[] whole = await System.IO.File.ReadAllBytesAsync(File);
        await System.IO.File.WriteAllBytesAsync(File, [.. "\0\0\0\nx y z\n99999999999999999999 1 \n"u8, .. whole[..^5]]);
        using SentJournal next = await Begin();
        Assert.Equal((true, false), (next.WasSent(owed[0]), next.WasSent(owed[1])));
        // The torn line is gone: the next one is not joined to it.
        next.Keep(owed[1]);
        using SentJournal third = await Begin();
        Assert.Equal((true, true), (third.WasSent(owed[0]), third.WasSent(owed[1])));
    }

    [Fact]
    public async Task Words_of_the_same_number_from_a_database_put_back_are_other_words_and_words_sent_since_are_not_kept()
    {
        List<OutboxMessage> owed = await Owe(2);
        using (SentJournal killed = await Begin())
            owed.ForEach(killed.Keep);
        await using (RoutingDb db = await _databases.CreateDbContextAsync())
        {
            await db.Outbox.Where(o => o.Id == owed[0].Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.CreatedAt, owed[0].CreatedAt.AddTicks(1)));
            await db.Outbox.Where(o => o.Id == owed[1].Id).ExecuteUpdateAsync(set => set.SetProperty(o => o.State, Delivery.Sent));
        }
        using SentJournal next = await Begin();
        Assert.False(next.WasSent(await Read(owed[0].Id)) || next.WasSent(owed[0]) || next.WasSent(owed[1]));
        Assert.Equal(0, new FileInfo(File).Length);
    }

    [Fact]
    public async Task It_does_not_grow_without_end()
    {
        using SentJournal journal = await Begin();
        OutboxMessage Word(long id) => new() { Id = id, Text = "", CreatedAt = FakeClock.Morning };
        // One always waits to be noted, as under a load that never ends.
        for (long id = 1; id <= 20_000; id++)
        {
            journal.Keep(Word(id));
            journal.Noted([id - 1]);
        }
        Assert.InRange(new FileInfo(File).Length, 1, SentJournal.Long + 100);
        // And where nothing can be noted at all.
        for (long id = 20_001; id <= 20_001 + 2 * SentJournal.Most; id++)
            journal.Keep(Word(id));
        Assert.InRange(new FileInfo(File).Length, 1, SentJournal.Most * 40);
        Assert.Equal((true, false), (journal.WasSent(Word(20_001)), journal.WasSent(Word(20_001 + 2 * SentJournal.Most))));
    }

    [Fact]
    public async Task Where_it_cannot_be_written_it_still_knows_what_this_process_sent()
    {
        Directory.CreateDirectory(File);
        using SentJournal journal = await Begin();
        OutboxMessage word = (await Owe(1))[0];
        journal.Keep(word);
        Assert.True(journal.WasSent(word));
        journal.Noted([word.Id]);
        Assert.False(journal.WasSent(word));
    }

    [Fact]
    public async Task Nodes_that_share_a_PostgreSQL_keep_none()
    {
        using var journal = new SentJournal(_databases, Options.Create(new DatabaseOptions { Engine = Engine.Postgres, ConnectionString = "x", Folder = _options.Folder }), NullLogger<SentJournal>.Instance);
        await journal.Begin(default);
        journal.Keep(new() { Id = 1, Text = "" });
        Assert.False(journal.WasSent(new() { Id = 1, Text = "" }) || System.IO.File.Exists(File));
    }

    private async Task<SentJournal> Begin()
    {
        var journal = new SentJournal(_databases, Options.Create(_options), NullLogger<SentJournal>.Instance);
        await journal.Begin(default);
        return journal;
    }

    private async Task<List<OutboxMessage>> Owe(int count)
    {
        await using RoutingDb db = await _databases.CreateDbContextAsync();
        List<OutboxMessage> owed = [.. Enumerable.Range(1, count).Select(id => new OutboxMessage { Id = id, ConversationId = 1, Text = "", CreatedAt = FakeClock.Morning, DueAt = FakeClock.Morning })];
        db.Outbox.AddRange(owed);
        await db.SaveChangesAsync();
        return owed;
    }

    private async Task<OutboxMessage> Read(long id)
    {
        await using RoutingDb db = await _databases.CreateDbContextAsync();
        return await db.Outbox.AsNoTracking().SingleAsync(o => o.Id == id);
    }
}
