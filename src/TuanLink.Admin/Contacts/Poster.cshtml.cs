using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using TuanLink.Admin.Frame;
using TuanLink.Routing.Cadres;
using TuanLink.Routing.Contacts;
using TuanLink.Routing.Inquiries;
using TuanLink.Routing.Units;

namespace TuanLink.Admin.Contacts;

/// <summary>One poster on one sheet of A4: who answers, by when, and the codes that lead there.</summary>
public sealed class PosterModel(IChannelsBoard board, ContactCodes codes, IOptions<ClockOptions> clocks) : AdminPage
{
    public Unit Unit { get; private set; } = null!;

    /// <summary>None on a unit's poster.</summary>
    public Cadre? Cadre { get; private set; }
    public string Code { get; private set; } = "";
    public Uri? Link { get; private set; }
    public string? WeChatCode { get; private set; }
    public ClockOptions Promise => clocks.Value;

    public async Task<IActionResult> OnGetAsync(string kind, long id)
    {
        // What somebody may not see is as if it did not exist.
        if (kind == "cadre" && await Db.Cadres.PostersOf(Db, Viewer).FirstOrDefaultAsync(c => c.Id == id, Cancel) is { } cadre)
            (Cadre, Unit) = (cadre, Roster.UnitOf(cadre.UnitId));
        else if (kind == "unit" && await Db.Units.PostersOf(Db, Viewer).FirstOrDefaultAsync(u => u.Id == id, Cancel) is { } unit)
            Unit = unit;
        else
            return NotFound();
        Code = await codes.Of(Cadre is null ? CodeOf.Unit(Unit.Id) : CodeOf.Cadre(Cadre.Id), Cancel);
        Link = board.ChatAddress is { } chat ? new Uri(chat, $"?from={Code}") : null;
        WeChatCode = await board.WeChatCode(Code, Cancel);
        return Page();
    }
}
