using Microsoft.EntityFrameworkCore;
using TuanLink.Routing.Database;

namespace TuanLink.Routing.Attachments;

/// <summary>A kept file as a stream: a part at a time is read, so that a player may jump about in a recording.</summary>
internal sealed class AttachmentStream(IDbContextFactory<RoutingDb> databases, string key, long length) : Stream
{
    private byte[] _part = [];
    private long _number = -1;

    public override bool CanRead => true;
    public override bool CanSeek => true;
    public override bool CanWrite => false;
    public override long Length => length;
    public override long Position { get; set; }

    /// <exception cref="EndOfStreamException">The bytes were erased meanwhile.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (Position >= length || buffer.Length == 0)
            return 0;
        long number = Position / AttachmentPart.Length;
        if (number != _number)
        {
            await using RoutingDb db = await databases.CreateDbContextAsync(cancellationToken);
            _part = await db.AttachmentParts.Where(p => p.Key == key && p.Number == number).Select(p => p.Bytes).FirstOrDefaultAsync(cancellationToken) ?? throw new EndOfStreamException();
            _number = number;
        }
        int from = (int)(Position % AttachmentPart.Length);
        int read = Math.Min(buffer.Length, _part.Length - from);
        if (read <= 0)
            throw new EndOfStreamException();
        _part.AsMemory(from, read).CopyTo(buffer);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
    {
        SeekOrigin.Begin => offset,
        SeekOrigin.Current => Position + offset,
        _ => length + offset,
    };

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("It is read asynchronously only.");
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Flush() { }
}
