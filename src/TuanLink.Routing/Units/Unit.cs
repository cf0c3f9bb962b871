namespace TuanLink.Routing.Units;

/// <summary>Where a unit stands in the League's tree (DOMAIN.md §2).</summary>
public enum UnitKind { National, Province, City, County, Township, Branch, University, Enterprise, Institution }

/// <summary>A League organisation (团组织): one node of one tree, from province to branch.</summary>
public sealed class Unit
{
    public long Id { get; set; }

    /// <summary>The code of the League's own register, unique.</summary>
    public required string Code { get; set; }

    public required string Name { get; set; }
    public UnitKind Kind { get; set; }
    public long? ParentId { get; set; }

    /// <summary>The ids from the root down to this unit, "/1/4/9/": a subtree is every unit whose path starts with it.</summary>
    public string Path { get; set; } = "/";

    /// <summary>The district, county or city it serves, by its everyday name.</summary>
    public string Region { get; set; } = "";
}
