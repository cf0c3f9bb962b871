using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;
using TuanLink.Routing.Database.Prepared;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Outbox;
using TuanLink.Routing.Timeline;
using TuanLink.Routing.Youths;

namespace TuanLink.Routing.Tests.Database;

/// <summary>What the prepared statements write and read is what EF Core would.</summary>
public sealed class PreparedTests
{
    private static readonly DateTimeOffset Moment = new(2026, 2, 28, 23, 59, 59, 999, TimeSpan.Zero);

    public static TheoryData<Engine, string> Awkward()
    {
        var data = new TheoryData<Engine, string>();
        foreach (Engine engine in new[] { Engine.Sqlite, Engine.Postgres })
            foreach (string words in new[] { "", " ", "'; DROP TABLE inquiries; --", "她说：“没事”😶‍🌫️\n第二行\t尾", "$1 @p0 ?1 {0}", new string('团', 4000) })
                data.Add(engine, words);
        return data;
    }

    [Theory, MemberData(nameof(Awkward))]
    public async Task Whatever_is_written_is_read_as_it_was(Engine engine, string words)
    {
        await using Office office = await Office.Open(engine: engine);
        Conversation to = await office.Do(db =>
        {
            var conversation = new Conversation { YouthId = 7, Channel = "emulator", ChannelConversationId = "c-" + words.Length, ChannelUserId = words, LastInboundAt = Moment };
            db.Conversations.Add(conversation);
            db.Append(new Message { ConversationId = conversation.Id, Author = Author.Youth, Text = words, At = Moment, ActivityId = null, IsSubstantive = true });
            db.Owe(conversation, words, Moment, tone: "safe");
            return Task.FromResult(conversation);
        });

        Message message = await office.See(db => db.Messages.AsNoTracking().SingleAsync(m => m.ConversationId == to.Id));
        Assert.Equal((words, Moment, (string?)null, Author.Youth, true, false), (message.Text, message.At, message.ActivityId, message.Author, message.IsSubstantive, message.IsPrivateNote));
        OutboxMessage owed = await office.See(db => db.Outbox.AsNoTracking().SingleAsync(o => o.ConversationId == to.Id));
        Assert.Equal((words, "safe", Delivery.Queued, Moment, (DateTimeOffset?)null), (owed.Text, owed.Tone, owed.State, owed.DueAt, owed.SentAt));
        Conversation read = (await office.Do(async db => await new RowQuery<Conversation>("channel = $1 AND channel_conversation_id = $2").First(db, "emulator", "c-" + words.Length)))!;
        Assert.Equal((to.Id, words, Moment, PendingQuestion.None), (read.Id, read.ChannelUserId, read.LastInboundAt, read.Pending));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task Every_column_of_an_inquiry_comes_back_and_only_what_changed_is_changed(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry received = await office.Receive(risk: Risk.Crisis);
        await office.Do(async db =>
        {
            Inquiry inquiry = (await new RowQuery<Inquiry>("id = $1").First(db, received.Id))!;
            (inquiry.Stars, inquiry.Outcome, inquiry.AnsweredAt, inquiry.ContactOutcome, inquiry.AboutCadreId) = (5, Outcome.Partly, Moment, "已接通", null);
        });

        Inquiry stored = await office.Inquiry(received.Id);
        Inquiry expected = await office.See(async db => (await db.Inquiries.AsNoTracking().ToListAsync()).Single());
        Inquiry peeked = (await office.See(async db => await new RowQuery<Inquiry>("id = $1").Peek(db, received.Id)))!;
        foreach (var property in typeof(Inquiry).GetProperties().Where(p => p.CanWrite))
        {
            Assert.Equal(property.GetValue(expected), property.GetValue(peeked));
            if (property.Name is not ("Stars" or "Outcome" or "AnsweredAt" or "ContactOutcome" or "Version"))
                Assert.Equal(property.GetValue(received), property.GetValue(stored));
        }
        Assert.Equal((5, Outcome.Partly, Moment, "已接通"), (stored.Stars, stored.Outcome, stored.AnsweredAt, stored.ContactOutcome));
        Assert.True(stored.Version > received.Version);
    }

    [Fact]
    public async Task A_row_found_twice_in_a_transaction_is_one_object_and_peeking_changes_nothing()
    {
        await using Office office = await Office.Open();
        long id = (await office.Receive()).Id;
        var byId = new RowQuery<Inquiry>("id = $1");
        await office.Do(async db =>
        {
            Inquiry first = (await byId.First(db, id))!;
            first.Headline = "改过";
            Assert.Same(first, await byId.First(db, id));
            (await byId.Peek(db, id))!.Headline = "不会留下";
            Assert.Null(await byId.First(db, -1));
        });
        Assert.Equal("改过", (await office.Inquiry(id)).Headline);
    }

    [Fact]
    public async Task Rows_that_an_import_adds_beside_the_running_service_take_no_id_from_it()
    {
        await using Office office = await Office.Open();
        Inquiry first = await office.Receive();
        string file = await office.See(db => Task.FromResult(db.Database.GetDbConnection().DataSource));
        await using (var beside = new SqliteConnection($"Data Source={file}"))
        {
            await beside.OpenAsync();
            await using SqliteCommand add = beside.CreateCommand();
            add.CommandText = "INSERT INTO timeline (inquiry_id, at, happening, text) VALUES (1, 0, 'Noted', 'a'), (1, 0, 'Noted', 'b')";
            Assert.Equal(2, await add.ExecuteNonQueryAsync());
        }
        Inquiry second = await office.Receive();
        Assert.NotEqual(first.Id, second.Id);
        Assert.Contains(await office.Story(second.Id), told => told.StartsWith("青年来信", StringComparison.Ordinal));
    }

    [Theory, InlineData(Engine.Sqlite), InlineData(Engine.Postgres)]
    public async Task What_fails_leaves_no_row_owes_no_word_and_spoils_nothing_for_the_next(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Inquiry inquiry = await office.Receive();
        Task[] works = [.. Enumerable.Range(0, 20).Select(i => office.Do(db =>
        {
            db.Happened(inquiry.Id, Moment, Happening.Noted, $"第 {i} 件");
            return i % 5 == 4 ? throw new InvalidOperationException("this one fails") : Task.CompletedTask;
        }))];
        await Task.WhenAll(works.Select(async (work, i) =>
        {
            if (i % 5 == 4)
                await Assert.ThrowsAsync<InvalidOperationException>(() => work);
            else
                await work;
        }));
        List<string> told = [.. (await office.Story(inquiry.Id)).Where(t => t.EndsWith('件') && t.StartsWith("第 ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal([.. Enumerable.Range(0, 20).Where(i => i % 5 != 4).Select(i => $"第 {i} 件").Order(StringComparer.Ordinal)], told);
        List<long> ids = await office.See(db => db.Timeline.Select(t => t.Id).ToListAsync());
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }
}
