using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Routing.Tests.Inquiries;

public sealed class ReferenceTests
{
    [Fact]
    public void Every_single_wrong_digit_and_every_swap_of_neighbours_is_noticed()
    {
        foreach (int number in new[] { 1, 42, 907, 4321, 12345 })
        {
            string reference = References.Format("261121", number);
            Assert.True(References.IsValid(reference), reference);
            for (int i = 0; i < reference.Length - 2; i++)
            {
                if (!char.IsAsciiDigit(reference[i]))
                    continue;
                foreach (char other in "0123456789".Where(d => d != reference[i]))
                    Assert.False(References.IsValid(string.Concat(reference.AsSpan(0, i), [other], reference.AsSpan(i + 1))), reference);
                if (char.IsAsciiDigit(reference[i + 1]) && reference[i] != reference[i + 1])
                    Assert.False(References.IsValid(string.Concat(reference.AsSpan(0, i), [reference[i + 1], reference[i]], reference.AsSpan(i + 2))), reference);
            }
        }
    }

    [Theory]
    [InlineData(Engine.Sqlite)]
    [InlineData(Engine.Postgres)]
    public async Task A_day_counts_its_references_from_one(Engine engine)
    {
        await using Office office = await Office.Open(engine: engine);
        Assert.StartsWith("QS-261118-0001-", (await office.Receive()).Reference, StringComparison.Ordinal);
        Assert.StartsWith("QS-261118-0002-", (await office.Receive()).Reference, StringComparison.Ordinal);
        office.Clock.Advance(TimeSpan.FromDays(1));
        Assert.StartsWith("QS-261119-0001-", (await office.Receive()).Reference, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_PostgreSQL_nobody_waits_for_a_reference_until_another_has_committed()
    {
        await using Office office = await Office.Open(engine: Engine.Postgres);
        await office.Receive();
        var taken = new TaskCompletionSource();
        var done = new TaskCompletionSource();
        Task<string> slow = office.Do(async db =>
        {
            string reference = await References.Next(db, office.Clock.GetUtcNow());
            taken.SetResult();
            await done.Task;
            return reference;
        });
        await taken.Task;
        string quick = await office.Do(db => References.Next(db, office.Clock.GetUtcNow())).WaitAsync(TimeSpan.FromSeconds(20));
        done.SetResult();
        Assert.NotEqual(quick, await slow);
    }

    [Fact]
    public async Task On_PostgreSQL_the_first_references_of_a_day_taken_at_once_all_differ()
    {
        await using Office office = await Office.Open(engine: Engine.Postgres);
        string[] taken = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => office.Do(db => References.Next(db, office.Clock.GetUtcNow()))));
        Assert.Equal(24, taken.Distinct().Count());
        Assert.All(taken, reference => Assert.True(References.IsValid(reference), reference));
    }
}
