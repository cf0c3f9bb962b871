using System.Threading.Channels;

namespace TuanLink.Routing.Outbox;

/// <summary>Tells the delivery loop, right after a commit, which words are now owed. A hint only: what it misses is found in the table.</summary>
public sealed class OutboxSignal
{
    private readonly Channel<IReadOnlyList<OwedWords>> _committed =
        Channel.CreateBounded<IReadOnlyList<OwedWords>>(new BoundedChannelOptions(10_000) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Publish(IReadOnlyList<OwedWords> committed) => _committed.Writer.TryWrite(committed);

    public ChannelReader<IReadOnlyList<OwedWords>> Committed => _committed.Reader;
}
