namespace TuanLink.Routing.Units;

/// <summary>A standing post of a unit that somebody named always fills.</summary>
public enum DutyRole { DutyDesk, CrisisResponder, Leader, Administrator }

/// <summary>Who fills a post of a unit; the lowest rank is asked first.</summary>
public sealed class Duty
{
    public long Id { get; set; }
    public long UnitId { get; set; }
    public long CadreId { get; set; }
    public DutyRole Role { get; set; }
    public int Rank { get; set; }
}
