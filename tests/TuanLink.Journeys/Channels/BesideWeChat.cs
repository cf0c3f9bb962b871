namespace TuanLink.Journeys.Channels;

/// <summary>A journey with a WeChat of its own; the service is begun by whoever knows its settings.</summary>
public abstract class BesideWeChat : IAsyncLifetime
{
    private ChannelService? _service;

    protected WeChatPeer Peer { get; private set; } = null!;

    protected ChannelService Service
    {
        get => _service!;
        set => _service = value;
    }

    public async Task InitializeAsync() => Peer = await WeChatPeer.Start();

    public async Task DisposeAsync()
    {
        if (_service is not null)
            await _service.DisposeAsync();
        await Peer.DisposeAsync();
    }
}
