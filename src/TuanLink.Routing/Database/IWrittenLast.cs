namespace TuanLink.Routing.Database;

/// <summary>What a transaction on PostgreSQL puts off to its end: a changed row is held until the commit, and one that many change should be held briefly.</summary>
internal interface IWrittenLast
{
    /// <summary>Writes it, after everything else and right before the commit.</summary>
    Task Write(RoutingDb db);
}
