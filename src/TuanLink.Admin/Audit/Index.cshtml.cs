using Microsoft.EntityFrameworkCore;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Timeline;

namespace TuanLink.Admin.Audit;

/// <summary>Who did what to the service itself.</summary>
public sealed class IndexModel : AdminPage
{
    public List<AuditEntry> Items { get; private set; } = [];
    public async Task OnGetAsync() => Items = await Db.Audit.OrderByDescending(a => a.Id).Take(200).ToListAsync(Cancel);
}
