using System.Globalization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TuanLink.Admin.SignIn;
using TuanLink.Routing.Assignments;
using TuanLink.Routing.Database;
using TuanLink.Routing.Inquiries;

namespace TuanLink.Admin.Frame;

/// <summary>What every page has: who looks, the roster, the time, a database to read, and one way to do something that a rule may refuse.</summary>
public abstract class AdminPage : PageModel
{
    private RoutingDb? _db;

    /// <summary>A database to read from, for the length of the request.</summary>
    protected RoutingDb Db
    {
        get
        {
            if (_db is null)
            {
                _db = Service<IDbContextFactory<RoutingDb>>().CreateDbContext();
                _db.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.NoTracking;
                HttpContext.Response.RegisterForDisposeAsync(_db);
            }
            return _db;
        }
    }

    public DateTimeOffset Now => Service<TimeProvider>().GetUtcNow();
    public Roster Roster { get; private set; } = null!;
    public Viewer Viewer { get; private set; } = null!;

    /// <summary>What a rule refused just now, or what went well, shown once on the next page.</summary>
    [TempData] public string? Refused { get; set; }
    [TempData] public string? Done { get; set; }

    protected CancellationToken Cancel => HttpContext.RequestAborted;

    public override async Task OnPageHandlerExecutionAsync(Microsoft.AspNetCore.Mvc.Filters.PageHandlerExecutingContext context, Microsoft.AspNetCore.Mvc.Filters.PageHandlerExecutionDelegate next)
    {
        Roster = await Service<Rosters>().Current(Cancel);
        Viewer = Viewers.Of(User, Roster);
        ViewData["Viewer"] = Viewer;
        if (Viewer.HandlerId is { } self)
            ViewData["Urgent"] = await Db.Notices.CountAsync(n => n.HandlerId == self && n.ReadAt == null && n.IsUrgent, Cancel);
        if (context.HandlerMethod is null)
            context.Result = new NotFoundResult();
        // A value that is none would be taken for the first of its kind: a topic nobody chose, the month that is now.
        else if (!ModelState.IsValid)
            context.Result = new BadRequestResult();
        else
            await next();
    }

    protected T Service<T>() where T : notnull => HttpContext.RequestServices.GetRequiredService<T>();

    /// <summary>Does something in one transaction; a refused rule is kept to be shown, and nothing was changed.</summary>
    protected async Task<bool> Try(Func<RoutingDb, CancellationToken, Task> work, string done)
    {
        try
        {
            await Service<ITransactions>().Run(work, CancellationToken.None);
            Done = done;
            return true;
        }
        catch (Refusal refusal)
        {
            Refused = refusal.Message;
            return false;
        }
    }

    /// <summary>Has this very page show the refusal, instead of the next one: what was typed is still in the form then.</summary>
    protected PageResult Again()
    {
        (ViewData["Refused"], Refused) = (Refused, null);
        return Page();
    }

    /// <summary>What was typed into a field of the form just refused.</summary>
    /// <param name="handler">The form's handler; other forms of the page stay as they are.</param>
    public string Kept(string handler, string field) =>
        IsRefused(handler) ? Request.Form[field].ToString() : "";

    public bool IsRefused(string handler) =>
        ViewData["Refused"] is not null && Request.HasFormContentType && Request.Query["handler"] == handler;

    /// <summary>A day or moment as a browser's field gives it; none if it is none.</summary>
    protected static DateTime? Moment(string? typed) =>
        DateTime.TryParseExact(typed, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime read) ? read : null;

    /// <summary>The person signed in, for what only cadres and experts do.</summary>
    /// <exception cref="Refusal">The account belongs to no person.</exception>
    protected long Self => Viewer.HandlerId ?? throw new ThisAccountIsNobody();

    public string NameOf(long handlerId) => Roster.FindHandler(handlerId)?.PublicName ?? "—";

    public static string Day(DateTimeOffset moment) => Routing.Units.ChinaTime.Of(moment).ToString("M月d日 HH:mm", CultureInfo.InvariantCulture);

    public static string Iso(DateTimeOffset moment) => Routing.Units.ChinaTime.Of(moment).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);
}

public sealed class ThisAccountIsNobody() : Refusal("这个账号没有绑定团干部或专家，只能查看。");
